use super::*;

fn cells(sheet: &Sheet) -> Vec<Vec<&str>> {
    sheet.rows.iter().map(|row| row.cells.iter().map(String::as_str).collect()).collect()
}

#[test]
fn the_sign_between_cells_is_found() {
    for text in
        ["Họ tên\tEmail\nA, B\ta@b.vn", "Họ tên;Email\r\n\"A, B\";a@b.vn", "\u{feff}Họ tên,Email\n\"A, B\",a@b.vn"]
    {
        let sheet = read(text.as_bytes()).unwrap();
        assert_eq!(cells(&sheet), [["Họ tên", "Email"], ["A, B", "a@b.vn"]], "{text:?}");
    }
}

#[test]
fn rows_keep_their_numbers() {
    for text in ["a,b\n\n,,\nc,d\n", "a,b\r\n\r\n,,\r\nc,d\r\n", "a,b\r\r,,\rc,d"] {
        let sheet = read(text.as_bytes()).unwrap();
        assert_eq!(sheet.rows.iter().map(|row| row.number).collect::<Vec<_>>(), [1, 4], "{text:?}");
    }
}

#[test]
fn other_encodings_are_named() {
    assert_eq!(read(b"\xff\xfeH\0"), Err(Fault::Encoding));
    assert_eq!(read(b"H\xe4\xec t\xaan,Email"), Err(Fault::Encoding));
    assert_eq!(read(b"\xd0\xcf\x11\xe0 an old workbook"), Err(Fault::NotATable));
    assert_eq!(read(b" \n\t\n"), Err(Fault::Empty));
}

#[test]
fn what_goes_out_comes_back_the_same_and_is_no_formula() {
    let heads = vec!["Họ và tên".to_owned(), "Điện thoại".to_owned()];
    let rows = vec![vec!["=1+1".to_owned(), "+84912345678".to_owned()], vec!["Nguyễn Thị Ế".to_owned()]];
    let csv = csv(&heads, &rows).unwrap();
    assert!(String::from_utf8_lossy(&csv).contains("'=1+1,'+84912345678"));
    for bytes in [csv, xlsx("Danh sách", &heads, &rows).unwrap()] {
        let sheet = read(&bytes).unwrap();
        assert_eq!(
            cells(&sheet),
            [vec!["Họ và tên", "Điện thoại"], vec!["=1+1", "+84912345678"], vec!["Nguyễn Thị Ế"]]
        );
    }
}

#[test]
fn numbers_and_days_of_a_workbook_are_read_as_shown() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let day = rust_xlsxwriter::Format::new().set_num_format("dd/mm/yyyy");
    sheet.write_number(2, 1, 912_345_678.0).unwrap();
    let date = chrono::NaiveDate::from_ymd_opt(1985, 3, 7).unwrap();
    sheet.write_datetime_with_format(2, 2, date, &day).unwrap();
    sheet.write_formula(2, 3, rust_xlsxwriter::Formula::new("=1+1").set_result("2")).unwrap();
    let sheet = read(&book.save_to_buffer().unwrap()).unwrap();
    assert_eq!(
        sheet.rows,
        [Row { number: 3, cells: ["", "912345678", "07/03/1985", "2"].map(str::to_owned).to_vec() }]
    );
}

#[test]
fn a_cell_far_away_costs_nothing_and_is_refused() {
    let mut book = rust_xlsxwriter::Workbook::new();
    book.add_worksheet().write_string(1_048_575, 16_383, "xa").unwrap();
    assert_eq!(read(&book.save_to_buffer().unwrap()), Err(Fault::TooManyColumns));
}

#[test]
fn a_bomb_is_not_unpacked() {
    use std::io::Write;
    let mut packer = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..64 {
        packer.write_all(&vec![b' '; 1024 * 1024]).unwrap();
    }
    let packed = packer.finish().unwrap();
    assert!(packed.len() < 100_000);
    // The list of contents lies about the size.
    let (name, said) = (b"xl/workbook.xml", 10_u32.to_le_bytes());
    let length = u32::try_from(packed.len()).unwrap().to_le_bytes();
    let mut bytes = b"PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0\0\0\0\0".to_vec();
    bytes.extend(length.iter().chain(&said).chain(&[15, 0, 0, 0]).chain(name));
    bytes.extend(&packed);
    let list = u32::try_from(bytes.len()).unwrap().to_le_bytes();
    bytes
        .extend(b"PK\x01\x02\x14\0\x14\0\0\0\x08\0\0\0\0\0\0\0\0\0".iter().chain(&length).chain(&said).chain(&[15, 0]));
    bytes.extend([0; 16].iter().chain(name));
    let size = (u32::try_from(bytes.len()).unwrap() - u32::from_le_bytes(list)).to_le_bytes();
    bytes.extend(b"PK\x05\x06\0\0\0\0\x01\0\x01\0".iter().chain(&size).chain(&list).chain(&[0, 0]));
    assert_eq!(read(&bytes), Err(Fault::Packed));
}
