// A learner from the invitation to the paper in the hand: an officer makes the account and invites, a letter comes, a password is
// set, a class is entered, twelve lessons are read at an honest pace, the final test is passed, and anybody who scans the QR code of
// the certificate sees that it is valid. The clock is moved; reading time is not invented: the page measures it as it does for people.
import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { keyOf } from '../lib/answers.mjs';
import { journey } from '../lib/journey.mjs';
import { readPaper } from '../lib/paper.mjs';

const answer = keyOf(join(dirname(fileURLToPath(import.meta.url)), '../../../courses/KT-01-kien-truc-chinh-phu-dien-tu'));
const course = 'kien-truc-chinh-phu-dien-tu';
const run = 'MH-KT-01-01';
const name = 'Học viên Minh họa Mới';
const address = 'hoc-vien.moi@example.org';
const password = 'một câu đủ dài để nhớ';

journey('learner', async ({ server, arrive }) => {
  const officer = await arrive('officer');
  await officer.signIn(server.links.officer);
  await invite(officer);
  const link = await invitation(server);

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
  await page.goto(`/lop/${run}/hoc`);
  const lessons = await readAll(learner, server);
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
  const paper = readPaper(await certificate(page));
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
  assert.match(server.command('verify'), /./);
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

/** The link in the letter, once a job has sent it. */
async function invitation(server) {
  for (let tries = 0; tries < 100; tries += 1) {
    const letter = server.letters().find((text) => text.includes(address));
    if (letter) return letter.match(/https?:\/\/\S+\/mo\/[\w-]+/)[0];
    await new Promise((resolve) => { setTimeout(resolve, 200); });
  }
  throw new Error('no letter came');
}

/** Reads one lesson after the other as somebody does who takes half the time they are computed at; how many. */
async function readAll(learner, server) {
  const { page } = learner;
  for (let count = 1; ; count += 1) {
    const minutes = Number((await page.locator('main > .muted').first().innerText()).match(/(\d+) phút/)[1]);
    for (let seconds = 0; seconds < minutes * 30; seconds += 20) {
      const told = page.waitForResponse((response) => response.url().endsWith('/nhip'));
      await page.mouse.move(100 + seconds % 50, 300);
      await server.later({ seconds: 20 });
      await page.clock.runFor(20_000);
      await told;
    }
    for (const id of await page.locator('form.check').evaluateAll((forms) => forms.map((form) => form.dataset.item))) {
      await server.later({ seconds: 10 });
      await page.clock.runFor(10_000);
      const form = page.locator(`form[data-item="${id}"]`);
      await answer(form);
      const shown = page.waitForLoadState('load');
      await form.getByRole('button').click();
      await shown;
      await page.locator(`form[data-item="${id}"] .notice`).waitFor();
    }
    if (count === 1) await learner.check('lesson-answered');
    const here = page.url();
    await page.getByRole('button', { name: 'Đã học xong' }).click();
    await page.waitForURL((url) => url.href !== here);
    await page.goto(here.split(/[?#]/)[0]);
    await page.getByText(/^Đã học xong lúc/).waitFor();
    const next = page.getByRole('link', { name: /^Bài sau/ });
    if ((await next.count()) === 0) return count;
    await next.click();
    await page.waitForURL((url) => url.href !== here);
  }
}

/** The certificate as soon as the job has made it. */
async function certificate(page) {
  const link = page.locator('a[href*="/chung-nhan/"][href$="/pdf"]');
  for (let tries = 0; tries < 100; tries += 1) {
    await page.goto('/chung-nhan');
    if ((await link.count()) > 0) {
      const pdf = await page.request.get(await link.first().getAttribute('href'));
      assert.equal(pdf.status(), 200);
      return pdf.body();
    }
    await new Promise((resolve) => { setTimeout(resolve, 300); });
  }
  throw new Error('no certificate came');
}
