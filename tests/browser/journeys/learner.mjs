// A learner from the invitation to the paper in the hand: an officer makes the account and invites, a letter comes, a password is
// set, a class is entered, twelve lessons are read at an honest pace, the final test is passed, and anybody who scans the QR code of
// the certificate sees that it is valid. The clock is moved; reading time is not invented: the page measures it as it does for people.
import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { keyOf } from '../lib/answers.mjs';
import { journey } from '../lib/journey.mjs';
import { certificate, invitation, readAll } from '../lib/learning.mjs';
import { readPaper } from '../lib/paper.mjs';

const answer = keyOf(join(dirname(fileURLToPath(import.meta.url)), '../../../courses/KT-01-kien-truc-chinh-phu-dien-tu'));
const course = 'kien-truc-chinh-phu-dien-tu';
const run = 'MH-KT-01-01';
const name = 'Học viên Minh họa Mới';
const address = 'hoc-vien.moi@example.org';
const password = 'một câu đủ dài để nhớ';

journey('learner', async ({ server, arrive }) => {
  const officer = await arrive('officer');
  await officer.signIn(await server.link('officer'));
  await invite(officer);
  const link = await invitation(server, address);

  const learner = await arrive('learner');
  // A test that is still closed says so with the status of a refusal.
  learner.expect(/409.*cuoi-khoa|cuoi-khoa.*409/);
  const { page } = learner;
  await page.goto(link);
  await learner.check('invitation');
  for (const field of await page.locator('input[type=password]').all()) await field.fill(password);
  await page.getByRole('main').getByRole('button').click();
  await learner.signOutButton().first().waitFor({ state: 'attached' });
  await learner.check('first-page');

  await page.goto(`/khoa-hoc/${course}`);
  await page.getByRole('main').getByRole('link', { name: run }).or(page.locator(`main a[href="/lop/${run}"]`)).first().click();
  await page.getByRole('button', { name: 'Ghi danh' }).first().click();
  await page.waitForLoadState();
  await learner.check('class');

  // The final test is closed as long as lessons are missing.
  await page.goto(`/lop/${run}/kiem-tra/kt01-cuoi-khoa`);
  assert.equal(await page.getByRole('button', { name: 'Bắt đầu làm bài' }).count(), 0, 'the test waits for the lessons');

  await page.clock.install({ time: await server.later({}) });
  // The clock that is put forward is the reader's, not the network's: an answer that is being read is not given up for the minutes that are skipped.
  await page.addInitScript(() => { AbortSignal.timeout = () => new AbortController().signal; });
  await page.goto(`/lop/${run}/hoc`);
  const lessons = await readAll(learner, server, answer);
  assert.equal(lessons, 12);

  await page.goto(`/lop/${run}/kiem-tra/kt01-cuoi-khoa`);
  await page.getByRole('button', { name: 'Bắt đầu làm bài' }).click();
  await page.waitForURL(/bai-lam/);
  await page.locator('[data-question]').nth(19).waitFor();
  for (const question of await page.locator('[data-question]').all()) {
    await server.later({ seconds: 5 });
    await answer(question);
  }
  await page.clock.runFor(5000);
  await page.getByRole('button', { name: 'Nộp bài' }).first().click();
  await page.waitForLoadState();
  await page.getByRole('main').getByRole('button', { name: /Nộp bài/ }).first().click();
  await page.waitForURL(/ket-qua/);
  await page.getByText(/^Đạt/).first().waitFor();
  await learner.check('result');

  // Read at an honest pace, so nothing stands in the way of the certificate.
  const paper = await readPaper(await certificate(page));
  for (const words of ['GIẤY CHỨNG NHẬN', name.toUpperCase(), 'Kiến trúc Chính phủ điện tử Việt Nam']) {
    assert.ok(paper.text.includes(words), `the paper does not say ${words}:\n${paper.text}`);
  }
  assert.ok(paper.landscape, 'A4 landscape');
  assert.ok(paper.fonts.length > 0 && paper.fonts.every((font) => font.embedded), JSON.stringify(paper.fonts));

  const anybody = await arrive('anybody');
  assert.ok(paper.address.startsWith(server.base), paper.address);
  await anybody.page.goto(paper.address);
  await anybody.page.getByText(/còn hiệu lực/i).first().waitFor();
  await anybody.check('look-up');

  // The officer sees that her colleague counts.
  await officer.page.goto('/chi-tieu');
  await officer.check('figures');
  assert.match(await server.command('verify'), /./);
});

async function invite(officer) {
  const { page } = officer;
  await page.goto('/nguoi/moi');
  await page.getByLabel('Họ và tên').fill(name);
  await page.getByLabel('Email công vụ').fill(address);
  await page.getByLabel('Đơn vị', { exact: true }).selectOption({ index: 1 });
  await page.getByLabel('Chức vụ').fill('Chuyên viên');
  await page.getByLabel('Công chức, viên chức, người lao động khác').check();
  await page.getByLabel('Từ ngày').fill('01/07/2025');
  await officer.check('new-person');
  await page.getByRole('button', { name: 'Tạo tài khoản' }).click();
  await page.getByRole('button', { name: 'Gửi thư mời' }).click();
  await page.waitForLoadState();
  await officer.check('invited');
}
