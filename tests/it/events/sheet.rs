//! Marks from a sheet, with what is wrong with each row, and the scan of the paper.

use super::*;

#[actix_web::test]
async fn a_sheet_is_tried_out_and_needs_its_scan() {
    let mut w = world(Some(1)).await;
    w.plan("Buổi một", FIRST).await;
    w.later(6).await;
    let place = site(1, 2);
    let code = w.people[1].0.code.clone();
    let rows = format!(
        "STT\tMã học viên\tĐiểm danh\n1\thoc-vien-an\tCó mặt\n2\t{code}\tđi muộn\n3\thoc-vien-xa\tCó mặt\n4\tkhong-co-ai\tx\n\
         5\thoc-vien-an\tvắng\n6\thoc-vien-an\t\n7\t\tx\n"
    );
    let tried = send(&mut w.keeper, &format!("{place}/nhap"), &[("rows", &rows)], None).await;
    tried.is(200).says("2 dòng đọc được, 5 dòng không dùng được").says("Người này đã có ở dòng 2");
    tried.says("Chưa ghi điểm danh").says("Không ghi ai");
    // Of somebody at another site it is said no more than of nobody.
    assert_eq!(tried.text().matches("Không có trong danh sách của điểm cầu này").count(), 2);
    w.keeper.get(&place).await.is(200).says("2 chưa ghi");
    let kept = tried.text();
    let kept = kept.split("name=\"rows\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("the rows");
    let kept = kept.to_owned();
    w.keeper.post(&format!("{place}/nhap/ghi"), &[("rows", &kept)]).await.is(303);
    w.keeper.get(&place).await.is(200).says("1 có mặt, 1 đi muộn, 0 vắng mặt, 0 chưa ghi");
    w.keeper.post(&place, &[("action", "submit")]).await.is(422).says("Cần đính kèm bản ký");
    send(&mut w.keeper, &format!("{place}/ban-ky"), &[], Some(("x.pdf", b"MZ not a pdf"))).await.is(422);
    send(&mut w.keeper, &format!("{place}/ban-ky"), &[], Some(("ban-ky.pdf", PDF))).await.is(303);
    w.keeper.post(&place, &[("action", "submit")]).await.is(303);
    let page = w.two.get(&place).await;
    let scan =
        page.text().split("href=\"").find(|rest| rest.contains("/ban-ky/")).map(str::to_owned).expect("the scan");
    let scan = scan.split('"').next().expect("a link").to_owned();
    w.two.get(&scan).await.is(303);
    w.two.post(&format!("{place}/xac-nhan"), &[]).await.is(303);
    assert_eq!((w.enrolment(w.people[0].1).await.attended, w.enrolment(w.people[1].1).await.attended), (1, 1));
    w.agrees().await;
}

#[actix_web::test]
async fn what_cannot_be_read_is_said_beside_its_field() {
    let mut w = world(Some(1)).await;
    w.plan("Buổi một", FIRST).await;
    let path = format!("{}/nhap", site(1, 2));
    w.keeper.get(&path).await.is(409);
    w.later(6).await;
    w.keeper.get(&path).await.is(200).says("Nhập từ bảng");
    send(&mut w.keeper, &path, &[("rows", "")], None).await.is(422).says("Chọn tệp hoặc dán các dòng");
    send(&mut w.keeper, &path, &[("rows", "")], Some(("x.pdf", PDF))).await.is(422);
    // The paper that is signed has the columns that are read again.
    let paper = w.keeper.get(&format!("{}/danh-sach.xlsx", site(1, 2))).await;
    paper.is(200);
    let tried = send(&mut w.keeper, &path, &[("rows", "")], Some(("danh-sach.xlsx", &paper.bytes))).await;
    tried.is(200).says("0 dòng đọc được, 2 dòng không dùng được").says("Chưa ghi điểm danh");
    // A list without marks: who stands on it has signed.
    let signed = send(&mut w.keeper, &path, &[("rows", "hoc-vien-an\n")], None).await;
    signed.is(200).says("1 dòng đọc được").says("Có mặt");
    w.keeper.post(&format!("{path}/ghi"), &[("rows", "khong hieu")]).await.is(400);
}
