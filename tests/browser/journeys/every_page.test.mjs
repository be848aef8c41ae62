// Every page that a role can open from its menus: nothing for axe to find in Vietnamese and English, light and dark, no
// sideways scroll, no text key in place of a text.
import { journey } from '../lib/journey.mjs';

const course = 'kien-truc-chinh-phu-dien-tu';
const run = 'MH-KT-01-01';
const target = `minh-hoa-${new Date().getFullYear()}`;

const pages = {
  anyone: ['/', '/dang-nhap', '/phieu', '/quen-mat-khau', '/khoa-hoc', `/khoa-hoc/${course}`, '/tra-cuu'],
  learner: ['/hoc', `/lop/${run}`, `/lop/${run}/tai-lieu`, '/chung-nhan', '/thong-bao', '/tai-khoan', '/tai-khoan/mat-khau',
    '/to-chuc', '/to-chuc/P15-2025'],
  instructor: ['/lop', '/lop/moi', `/lop/${run}`],
  officer: ['/nguoi', '/nguoi/moi', '/chi-tieu', '/so-cap'],
  coordinator: [`/chi-tieu/${target}`, `/chi-tieu/${target}/nguoi`, '/chi-tieu?tat-ca=1', '/so-cap'],
  administrator: ['/he-thong', '/nhat-ky', '/kieu-dang', '/nguoi'],
};

for (const [role, paths] of Object.entries(pages)) {
  journey(`every page, ${role}`, async ({ server, arrive }) => {
    const visitor = await arrive(role);
    if (server.links[role]) await visitor.signIn(server.links[role]);
    for (const path of paths) {
      await visitor.page.goto(path);
      await visitor.check(`${role} ${path}`);
    }
    await visitor.pressInHeader('English');
    await visitor.page.locator('html[lang=en]').waitFor();
    await visitor.page.goto(paths[0]);
    await visitor.check(`${role} ${paths[0]} in English`);
  });
}
