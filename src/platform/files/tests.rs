use chrono::{DateTime, TimeDelta, Utc};

use super::links::{Link, LinkFault, sign, verify};
use super::*;
use crate::platform::config::{Bucket, Secret};

const ANY: Limits = Limits {
    max_bytes: 1 << 20,
    accept: &[
        MediaType::Pdf,
        MediaType::Png,
        MediaType::Jpeg,
        MediaType::Webp,
        MediaType::Docx,
        MediaType::Xlsx,
        MediaType::Pptx,
        MediaType::Odt,
        MediaType::Mp4,
        MediaType::Vtt,
        MediaType::Text,
    ],
};

fn folder() -> (tempfile::TempDir, Files) {
    let dir = tempfile::tempdir().unwrap();
    let files = Files::open(&Storage { dir: dir.path().to_owned(), s3: None }).unwrap();
    (dir, files)
}

/// Everything that lies in the folder, half-written files included.
fn left_over(dir: &tempfile::TempDir) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![dir.path().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            if entry.file_type().unwrap().is_dir() { folders.push(entry.path()) } else { found.push(entry.path()) }
        }
    }
    found
}

/// A zip archive with stored entries, good enough for a reader that looks at the list of contents only.
fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut out, mut list) = (Vec::new(), Vec::new());
    for (name, content) in entries {
        let (size, name_len) = ((content.len() as u32).to_le_bytes(), (name.len() as u16).to_le_bytes());
        let offset = (out.len() as u32).to_le_bytes();
        out.extend([b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0".as_slice(), &size, &size, &name_len, &[0; 2]].concat());
        out.extend([name.as_bytes(), content].concat());
        list.extend([b"PK\x01\x02\x14\0\x14\0\0\0\0\0\0\0\0\0\0\0\0\0".as_slice(), &size, &size, &name_len].concat());
        list.extend([[0; 12].as_slice(), &offset, name.as_bytes()].concat());
    }
    let (count, at) = ((entries.len() as u16).to_le_bytes(), (out.len() as u32).to_le_bytes());
    let size = (list.len() as u32).to_le_bytes();
    out.extend(&list);
    out.extend([b"PK\x05\x06\0\0\0\0".as_slice(), &count, &count, &size, &at, &[0; 2]].concat());
    out
}

fn docx() -> Vec<u8> {
    zip(&[("[Content_Types].xml", b"<Types/>"), ("_rels/.rels", b""), ("word/document.xml", b"<w/>")])
}

async fn verdict(bytes: &[u8]) -> Option<MediaType> {
    let (dir, files) = folder();
    match files.put_bytes("test", bytes, &ANY).await {
        Ok(stored) => Some(stored.media_type),
        Err(FilesError::NotAllowed) => {
            assert_eq!(left_over(&dir).len(), 0);
            None
        }
        Err(other) => panic!("{other}"),
    }
}

#[tokio::test]
async fn what_is_put_can_be_read_ranged_and_deleted() {
    let (dir, files) = folder();
    whole_life(&files).await;
    assert!(left_over(&dir).is_empty());
}

/// Small and large, on any store.
async fn whole_life(files: &Files) {
    files.check().await.unwrap();
    for size in [1, 511, 512, 513, 100_000, PART + 1] {
        let text: Vec<u8> = b"0123456789\n".iter().copied().cycle().take(size).collect();
        let limits = Limits { max_bytes: size as u64, accept: DOCUMENTS };
        let pieces: Vec<Result<Vec<u8>, FilesError>> = text.chunks(65_537).map(|c| Ok(c.to_vec())).collect();
        let stored = files.put("test", stream::iter(pieces), &limits).await.unwrap();
        assert_eq!((stored.len, stored.media_type), (size as u64, MediaType::Text));
        use sha2::Digest;
        assert_eq!(stored.sha256, <[u8; 32]>::from(sha2::Sha256::digest(&text)));
        assert!(files.exists(&stored.key).await.unwrap());
        assert!(files.get_bytes(&stored.key).await.unwrap().as_ref() == text.as_slice());
        if size > 600 {
            let opened = files.get(&stored.key, Some(500..600)).await.unwrap();
            assert_eq!((opened.len, opened.range.clone()), (size as u64, 500..600));
            let part: Vec<Bytes> = opened.stream.try_collect().await.unwrap();
            assert_eq!(part.concat(), text[500..600]);
        }
        files.delete(&stored.key).await.unwrap();
        files.delete(&stored.key).await.unwrap();
        assert!(!files.exists(&stored.key).await.unwrap());
        assert!(matches!(files.get(&stored.key, None).await, Err(FilesError::NotFound)));
    }
}

#[tokio::test]
async fn the_limit_holds_before_the_disk() {
    let (dir, files) = folder();
    let limits = Limits { max_bytes: 6 * 1024 * 1024, accept: DOCUMENTS };
    // A sender without end: were it not stopped, this test would never finish.
    let endless = stream::repeat_with(|| Ok::<_, FilesError>(vec![b'a'; 1 << 20]));
    let error = files.put("test", endless, &limits).await.unwrap_err();
    assert!(matches!(error, FilesError::TooLarge { max } if max == limits.max_bytes), "{error}");
    assert!(left_over(&dir).is_empty(), "{:?}", left_over(&dir));
    // What is refused by its first bytes is refused at once.
    let mut pieces = 0;
    let endless = stream::repeat_with(|| {
        pieces += 1;
        Ok::<_, FilesError>(vec![0_u8; 1000])
    });
    assert!(matches!(files.put("test", endless, &limits).await, Err(FilesError::NotAllowed)));
    assert_eq!(pieces, 1);
}

#[tokio::test]
async fn a_sender_who_vanishes_leaves_nothing() {
    let (dir, files) = folder();
    let limits = Limits { max_bytes: 1 << 30, accept: DOCUMENTS };
    let pieces = (0..8).map(|i| if i < 7 { Ok(vec![b'a'; 1 << 20]) } else { Err("connection reset") });
    let error = files.put("test", stream::iter(pieces), &limits).await.unwrap_err();
    assert!(matches!(error, FilesError::Interrupted(_)));
    assert!(left_over(&dir).is_empty(), "{:?}", left_over(&dir));
    assert!(matches!(files.put_bytes("test", b"", &limits).await, Err(FilesError::Empty)));
}

#[tokio::test]
async fn content_decides_what_a_file_is() {
    let odt = zip(&[
        ("mimetype", b"application/vnd.oasis.opendocument.text"),
        ("content.xml", b""),
        ("META-INF/manifest.xml", b""),
    ]);
    for (bytes, media_type) in [
        (b"%PDF-1.7\n...\n%%EOF\n".to_vec(), MediaType::Pdf),
        (b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR....".to_vec(), MediaType::Png),
        (b"\xff\xd8\xff\xe0\0\x10JFIF".to_vec(), MediaType::Jpeg),
        (b"RIFF\x10\0\0\0WEBPVP8L".to_vec(), MediaType::Webp),
        (b"\0\0\0\x18ftypmp42\0\0\0\0".to_vec(), MediaType::Mp4),
        (docx(), MediaType::Docx),
        (zip(&[("[Content_Types].xml", b""), ("xl/workbook.xml", b"")]), MediaType::Xlsx),
        (zip(&[("[Content_Types].xml", b""), ("ppt/presentation.xml", b"")]), MediaType::Pptx),
        (odt, MediaType::Odt),
        ("WEBVTT\n\n00:00.000 --> 00:02.000\nXin chào".as_bytes().to_vec(), MediaType::Vtt),
        ("Họ tên;Đơn vị\nHọc viên Minh họa Một;Sở\n".as_bytes().to_vec(), MediaType::Text),
    ] {
        assert_eq!(verdict(&bytes).await, Some(media_type));
    }
}

#[tokio::test]
async fn what_is_not_on_the_list_is_refused() {
    let mut cut = docx();
    cut.truncate(cut.len() - 10);
    let mut behind = docx();
    behind.extend(b"<script>");
    let mut encrypted = docx();
    let flags = encrypted.windows(4).position(|w| w == b"PK\x01\x02").unwrap() + 8;
    encrypted[flags] = 1;
    let long = "Đ".repeat(2000);
    for bytes in [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>".to_vec(),
        b"\xef\xbb\xbf \n<?xml version='1.0'?><svg/>".to_vec(),
        b"<!doctype html><p>".to_vec(),
        b"MZ\x90\0\x03".to_vec(),
        b"\x7fELF\x02\x01\x01\0".to_vec(),
        b"%PDF-1.7 cut off".to_vec(),
        b"%PDF-\0".to_vec(),
        b"GIF89a\x01\0".to_vec(),
        b"\0\0\0\x18ftypheic".to_vec(),
        b"WEBVTTX\n\0".to_vec(),
        b"latin1: \xe9\xe8".to_vec(),
        long.as_bytes()[..3999].to_vec(),
        [long.as_bytes(), &[0]].concat(),
        b"   \n ".to_vec(),
        zip(&[("readme.txt", b"hello")]),
        zip(&[("[Content_Types].xml", b""), ("word/document.xml", b""), ("word/vbaProject.bin", b"")]),
        zip(&[("[Content_Types].xml", b""), ("word/document.xml", b""), ("xl/workbook.xml", b"")]),
        zip(&[("[Content_Types].xml", b""), ("word/document.xml", b""), ("../../etc/passwd", b"")]),
        zip(&[("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", b"")]),
        cut,
        behind,
        encrypted,
    ] {
        assert_eq!(verdict(&bytes).await, None, "{:?}", String::from_utf8_lossy(&bytes[..bytes.len().min(60)]));
    }
    // A good document where only pictures are welcome.
    let (_dir, files) = folder();
    let limits = Limits { max_bytes: 1000, accept: IMAGES };
    assert!(matches!(files.put_bytes("test", &docx(), &limits).await, Err(FilesError::NotAllowed)));
}

#[test]
fn keys_are_random_and_of_one_form() {
    let key = FileKey::random("submissions").unwrap();
    assert_ne!(key, FileKey::random("submissions").unwrap());
    assert_eq!(FileKey::parse(key.as_str()), Some(key.clone()));
    assert!(FileKey::random("../etc").is_err());
    let name = "a".repeat(30);
    for bad in [
        "",
        "a",
        "a/b/c",
        &format!("../aa/{name}"),
        &format!("a/aa/{name}/x"),
        &format!("a/aa/{name}x"),
        &format!("a/AA/{name}"),
        &format!("/a/aa/{name}"),
        &format!("a/%2/{name}"),
    ] {
        assert_eq!(FileKey::parse(bad), None, "{bad}");
    }
}

#[test]
fn names_for_saving_are_clean_and_vietnamese() {
    for (name, media_type, clean) in [
        ("Báo cáo tháng 3.pdf", MediaType::Pdf, "Báo cáo tháng 3.pdf"),
        ("Ba\u{301}o ca\u{301}o.PDF", MediaType::Pdf, "Báo cáo.pdf"),
        ("../../etc/passwd", MediaType::Text, "passwd.txt"),
        ("C:\\bài tập\\bài 1.docx", MediaType::Docx, "bài 1.docx"),
        ("hoá đơn.exe", MediaType::Pdf, "hoá đơn.exe.pdf"),
        ("ảnh.jpeg", MediaType::Jpeg, "ảnh.jpeg"),
        ("a\r\nSet-Cookie: x=1\".txt", MediaType::Text, "a Set-Cookie_ x=1_.txt"),
        ("anh\u{202e}gpj.exe", MediaType::Png, "anhgpj.exe.png"),
        ("  .hidden. ", MediaType::Text, "hidden.txt"),
        ("", MediaType::Pdf, "tep.pdf"),
        ("...", MediaType::Pdf, "tep.pdf"),
        (".pdf", MediaType::Pdf, "pdf.pdf"),
        ("con.txt", MediaType::Text, "_con.txt"),
        ("LPT1", MediaType::Text, "_LPT1.txt"),
        ("số liệu.csv", MediaType::Text, "số liệu.csv"),
    ] {
        assert_eq!(safe_download_name(name, media_type), clean);
    }
    let long = safe_download_name(&"ế".repeat(500), MediaType::Docx);
    assert!(long.len() <= 180 && long.ends_with("ế.docx"));
}

#[test]
fn the_header_carries_both_names() {
    assert_eq!(
        content_disposition("Đề án số 1.pdf", false),
        "attachment; filename=\"De an so 1.pdf\"; filename*=UTF-8''%C4%90%E1%BB%81%20%C3%A1n%20s%E1%BB%91%201.pdf"
    );
    let nasty = content_disposition("a\"; x=\"\r\nb\\%41'", true);
    assert!(
        nasty.starts_with("inline; filename=\"a_; x=___b__41'\"; filename*=UTF-8''a%22%3B%20x%3D%22%0D%0Ab"),
        "{nasty}"
    );
}

fn link(now: DateTime<Utc>) -> Link {
    Link {
        key: FileKey::random("submissions").unwrap(),
        download_name: "Bài tập & ghi chú.pdf".to_owned(),
        media_type: MediaType::Pdf,
        inline: true,
        expires: now + TimeDelta::minutes(5),
    }
}

#[test]
fn a_signed_link_opens_for_a_while() {
    let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
    let link = link(now);
    let signed = sign(&link, b"secret");
    let (path, query) = signed.split_once('?').unwrap();
    assert_eq!(verify(path, query, now, b"secret").as_ref(), Ok(&link));
    assert_eq!(verify(path, query, now + TimeDelta::minutes(4), b"secret"), Ok(link.clone()));
    assert_eq!(verify(path, query, now + TimeDelta::minutes(5), b"secret"), Err(LinkFault::Expired));
    assert_eq!(verify(path, query, now, b"other"), Err(LinkFault::Forged));
    assert_eq!(verify(path, query, now, b""), Err(LinkFault::Forged));
    let unsigned = sign(&link, b"");
    let (path, query) = unsigned.split_once('?').unwrap();
    assert_eq!(verify(path, query, now, b""), Err(LinkFault::Forged));
}

#[test]
fn a_changed_link_is_forged() {
    let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
    let signed = sign(&link(now), b"secret");
    let (path, query) = signed.split_once('?').unwrap();
    let other = FileKey::random("submissions").unwrap();
    assert_eq!(verify(other.as_str(), query, now, b"secret"), Err(LinkFault::Forged));
    for (from, to) in [
        ("e=1800000300", "e=1900000300"),
        ("e=1800000300", "e=+1800000300"),
        ("e=1800000300&", ""),
        ("i=1", "i=0"),
        ("application%2Fpdf", "text%2Fplain"),
        ("ghi", "gi"),
        ("&s=", "&x=1&s="),
        ("&s=", "&s=A"),
        ("&s=", "&s=&s="),
        ("&n=", "&n=x&n="),
    ] {
        let changed = query.replacen(from, to, 1);
        assert_ne!(changed, query, "{from}");
        let result = verify(path, &changed, now, b"secret");
        // A plus sign reads as a space and so is no number either.
        assert_eq!(result, Err(LinkFault::Forged), "{from} -> {to}");
    }
    assert_eq!(verify(path, "", now, b"secret"), Err(LinkFault::Forged));
}

fn s3(endpoint: &str, bucket: &str) -> Storage {
    let s3 = S3 {
        bucket: Bucket { name: bucket.to_owned(), prefix: "nong-cot".to_owned() },
        endpoint: Some(endpoint.parse().unwrap()),
        region: "us-east-1".to_owned(),
        access_key_id: "test".to_owned(),
        secret_access_key: Secret::new("test".to_owned()),
    };
    Storage { dir: "/nowhere".into(), s3: Some(s3) }
}

#[tokio::test]
async fn a_store_that_does_not_answer_is_named() {
    let files = Files::open(&s3("http://127.0.0.1:1", "tep")).unwrap();
    assert_eq!(files.place(), "s3://tep/nong-cot");
    assert!(matches!(files.check().await, Err(FilesError::Storage(_))));
}

/// Runs where `TEST_S3_URL` names a local S3 program, such as `http://127.0.0.1:5000`.
#[tokio::test]
async fn the_same_life_in_an_s3_store() {
    let Ok(endpoint) = std::env::var("TEST_S3_URL") else { return };
    install_tls_provider();
    let bucket = format!("tep-{}", std::process::id());
    let made = reqwest::Client::new().put(format!("{endpoint}/{bucket}")).send().await.unwrap();
    assert!(made.status().is_success(), "{made:?}");
    let files = Files::open(&s3(&endpoint, &bucket)).unwrap();
    whole_life(&files).await;
    let limits = Limits { max_bytes: 7 * 1024 * 1024, accept: DOCUMENTS };
    let endless = stream::repeat_with(|| Ok::<_, FilesError>(vec![b'a'; 1 << 20]));
    assert!(matches!(files.put("test", endless, &limits).await, Err(FilesError::TooLarge { .. })));
    let listed = reqwest::get(format!("{endpoint}/{bucket}?uploads")).await.unwrap().text().await.unwrap();
    assert!(!listed.contains("<Upload>"), "{listed}");
    let three_parts = vec![b'a'; 2 * PART + 77];
    let limits = Limits { max_bytes: 1 << 30, accept: DOCUMENTS };
    let stored = files.put_bytes("test", &three_parts, &limits).await.unwrap();
    assert_eq!(files.get_bytes(&stored.key).await.unwrap().len(), three_parts.len());
    let missing = Files::open(&s3(&endpoint, "khong-co")).unwrap();
    assert!(missing.check().await.is_err());
}
