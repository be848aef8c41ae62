// Every page that a role can open from its menus in the demonstration, by the role whose page it is first of all.
const course = 'kien-truc-chinh-phu-dien-tu';
const run = 'MH-KT-01-01';
const target = `minh-hoa-${new Date().getFullYear()}`;
const round = `ke-hoach-${new Date().getFullYear()}`;
const experts = 'chuyen-gia-nong-cot';
const held = '/lop/MH-BH-01/buoi/1';
const coming = '/lop/MH-BH-01/buoi/2';

export const PAGES = {
  anyone: ['/', '/dang-nhap', '/phieu', '/quen-mat-khau', '/khoa-hoc', `/khoa-hoc/${course}`,
    `/khoa-hoc/${course}/thuat-ngu`, '/tra-cuu', '/cong-khai', '/to-chuc', '/api'],
  learner: ['/', '/hoc', `/lop/${run}`, `/lop/${run}/tai-lieu`,
    `/lop/${run}/thuat-ngu`, `/lop/${run}/tai-lieu-phat-tay`, '/chung-nhan', '/de-cu/cua-toi', '/chuong-trinh/cua-toi', '/thong-bao', '/tai-khoan', '/tai-khoan/mat-khau',
    '/tai-khoan/phien', '/to-chuc', '/to-chuc/P15-2025', '/don-vi/thay-doi', '/lop/MH-BH-01', '/lop/MH-BH-01/buoi', held, coming],
  instructor: ['/', '/lop', '/lop/moi', `/lop/${run}`, `/lop/${run}/so-cho`, `/lop/${run}/cau-hoi`, `/lop/${run}/cau-hoi?xem=khoa-hoc`, '/lop/MH-BH-01/buoi', '/lop/MH-BH-01/buoi/moi', held, coming,
    `${coming}/sua`, `${coming}/diem-cau`, `${coming}/diem-cau/2/sua`, `${held}/diem-cau/1`, `${held}/diem-cau/1/nhap`],
  officer: ['/', '/nguoi', '/nguoi/moi', '/nguoi/nhap', '/lop-ngoai', '/lop-ngoai/moi', '/chi-tieu', '/bao-cao', '/bao-cao/moi', '/phan-bo', `/phan-bo/${round}`, `/phan-bo/${round}/P15-2025`, '/de-cu',
    `/de-cu/${experts}/P15-2025`, `/de-cu/${experts}/P15-2025/trinh`, '/chuong-trinh', `/chuong-trinh/${experts}`, `/chuong-trinh/${experts}/khoa/khoa-01`, '/chuyen-gia', '/chuyen-gia/do-phu',
    '/don-doc', '/so-cap', `${held}/diem-cau/2`, `${coming}/diem-cau/2`,
    '/tai-khoan/ma-api', '/tai-khoan/ma-api/moi'],
  coordinator: ['/', `/chi-tieu/${target}`, `/chi-tieu/${target}/nguoi`, '/chi-tieu', '/chi-tieu?tat-ca=1', '/chi-tieu/moi', `/chi-tieu/${target}/loai/bo-nganh`,
    `/chi-tieu/${target}/loai/dia-phuong`, `/chi-tieu/${target}/loai/dia-phuong?xem=quy-doi&ngay=30%2F06%2F2025`, '/don-doc', `/don-doc/chi-tieu/${target}`, `/chi-tieu/${target}/sua`,
    `/chi-tieu/${target}/thay-the`, `/chi-tieu/${target}/ban-chot/so-sanh`, '/bao-cao', '/bao-cao/moi', '/phan-bo', '/phan-bo/moi', `/phan-bo/${round}`, `/phan-bo/${round}/P24-2025`, '/de-cu',
    `/de-cu/${experts}`, `/de-cu/${experts}/dieu-kien`, '/chuong-trinh', '/chuong-trinh/moi', `/chuong-trinh/${experts}`, `/chuong-trinh/${experts}/sua`,
    `/chuong-trinh/${experts}/nhom/1`, `/chuong-trinh/${experts}/chuc-danh/1`, `/chuong-trinh/${experts}/quyet-dinh`,
    `/chuong-trinh/${experts}/quyet-dinh?viec=gia-han`, `/chuong-trinh/${experts}/khoa/moi`, `/chuong-trinh/${experts}/khoa/khoa-02`,
    '/chuyen-gia', '/chuyen-gia?giai-doan=tat-ca', '/chuyen-gia/do-phu', '/chuyen-gia/do-phu?loai=province&xem=du', '/so-cap'],
  auditor: ['/', '/so-cap', '/nhat-ky', '/lop', '/nguoi', `/chi-tieu/${target}`],
  administrator: ['/', '/don-vi/thay-doi', '/don-vi/thay-doi?xem=quyet-dinh', '/don-vi/thay-doi/moi', '/don-vi/thay-doi/moi?loai=merge&don-vi=P15-2025',
    '/don-vi/thay-doi/moi?loai=split&don-vi=P15-2025', '/don-vi/thay-doi/moi?loai=transfer&don-vi=P15-2025', '/he-thong', '/nhat-ky', '/kieu-dang', '/nguoi', '/tai-khoan/ma-api', '/tai-khoan/ma-api/moi'],
};
