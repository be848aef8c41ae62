// An instructor changes a lesson's text and imports the folder: those in the middle of the course stay on the version they began
// with, and a class opened afterwards has the new words.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { journey } from '../lib/journey.mjs';

const name = 'KT-01-kien-truc-chinh-phu-dien-tu';
const shipped = join(dirname(fileURLToPath(import.meta.url)), '../../../courses', name);
const lesson = '01-vi-sao-can-kien-truc/01-boi-canh-2015.md';
const run = 'MH-KT-01-01';
const words = 'Câu này chỉ có trong bản sửa của giảng viên.';

journey('instructor', async ({ server, arrive }) => {
  const learner = await arrive('learner');
  await learner.signIn(await server.link('learner'));
  await learner.page.goto(`/lop/${run}/hoc`);
  const address = learner.page.url();

  const folder = mkdtempSync(join(tmpdir(), 'nongcot-course-'));
  try {
    const course = join(folder, name);
    cpSync(shipped, course, { recursive: true });
    const file = join(course, lesson);
    writeFileSync(file, readFileSync(file, 'utf8').replace('## Tóm tắt', `${words}\n\n## Tóm tắt`));
    assert.match(await server.command('course', 'check', course), /KT-01/);
    assert.match(await server.command('course', 'import', course, '--note', 'Thêm một câu vào bài 1'), /phiên bản/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }

  // The course page has the new text, the learner in progress the old one.
  await learner.page.goto(address);
  assert.ok(!(await learner.page.content()).includes(words), 'a learner in progress stays on the version');
  const anybody = await arrive('anybody');
  await anybody.page.goto('/khoa-hoc/kien-truc-chinh-phu-dien-tu');
  await anybody.page.getByRole('main').getByRole('link', { name: /Bối cảnh 2015/ }).click();
  await anybody.page.getByText(words).waitFor();
  await anybody.check('open-lesson');

  const instructor = await arrive('instructor');
  await instructor.signIn(await server.link('instructor'));
  await open(instructor, server);
  await learner.page.goto('/lop/MH-KT-01-02');
  await learner.page.getByRole('button', { name: 'Ghi danh' }).first().click();
  await learner.page.waitForLoadState();
  await learner.page.goto('/lop/MH-KT-01-02/hoc');
  await learner.page.getByText(words).waitFor();
  await learner.check('new-version');
});

/** Opens a second class of the course, from today on. */
async function open(instructor, server) {
  const { page } = instructor;
  const day = (moment) => new Intl.DateTimeFormat('vi-VN', { timeZone: 'Asia/Ho_Chi_Minh', day: '2-digit', month: '2-digit', year: 'numeric' }).format(moment);
  const now = await server.later({});
  await page.goto('/lop/moi');
  const option = page.getByLabel('Khóa học').locator('option', { hasText: 'KT-01' });
  await page.getByLabel('Khóa học').selectOption(await option.first().getAttribute('value'));
  await page.getByLabel('Đơn vị tổ chức').selectOption({ index: 1 });
  await page.getByLabel('Mã lớp', { exact: true }).fill('MH-KT-01-02');
  await page.getByLabel('Ngày mở').fill(day(now));
  await page.getByLabel('Ngày kết thúc').fill(day(new Date(now.getTime() + 30 * 86_400_000)));
  await page.getByLabel('Tự ghi danh').check();
  await instructor.check('new-class');
  await page.getByRole('main').getByRole('button', { name: 'Mở lớp' }).click();
  await page.waitForURL(/MH-KT-01-02/);
  await instructor.check('class');
}
