// The main job, walked as people walk it: a lesson is read, a test is passed with answers saved as they are given, the
// coordinator's figure moves by one, a certificate is issued, and anybody can look it up.
import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { keyOf } from '../lib/answers.mjs';
import { journey } from '../lib/journey.mjs';
import { readPaper } from '../lib/paper.mjs';

const answer = keyOf(join(dirname(fileURLToPath(import.meta.url)), '../../../courses/KT-01-kien-truc-chinh-phu-dien-tu'));
const run = 'MH-KT-01-01';

journey('main job', async ({ server, arrive }) => {
  // Somebody new reads the first lesson and answers a question of it.
  const learner = await arrive('learner');
  await learner.signIn(await server.link('learner'));
  await learner.check('home');
  await learner.page.getByRole('main').getByRole('link', { name: 'Bắt đầu học' }).click();
  await learner.page.getByRole('heading', { level: 1 }).waitFor();
  await learner.check('lesson');
  const lesson = learner.page.url();
  await learner.page.getByRole('button', { name: 'Đã học xong' }).click();
  await learner.page.waitForURL((url) => url.href !== lesson);
  await learner.page.goto('/hoc');
  await learner.check('my-classes');

  const coordinator = await arrive('coordinator');
  await coordinator.signIn(await server.link('coordinator'));
  const before = await counted(coordinator);
  await coordinator.check('target');

  // Somebody who has read everything sits the test.
  const reader = await arrive('reader');
  await reader.signIn(await server.link('learner-read'));
  await reader.page.getByRole('main').getByRole('link', { name: 'Làm bài kiểm tra' }).click();
  await reader.check('test-intro');
  await reader.page.getByRole('main').getByRole('button', { name: 'Bắt đầu làm bài' }).click();
  await reader.page.getByRole('timer').or(reader.page.locator('[data-timer]')).first().waitFor();
  await reader.check('test');
  assert.ok(!(await reader.page.content()).includes('Đúng. '), 'no feedback before the end');
  for (const question of await reader.page.locator('[data-question]').all()) {
    // Whoever answers in under two seconds a question has not read it, and the completion would wait for a person.
    await server.later({ seconds: 3 });
    await answer(question);
  }
  // What is shown as saved is saved: the same answers stand there after the page is opened anew.
  await reader.page.waitForFunction(() => document.querySelector('[data-saved]')?.textContent.startsWith('Đã lưu'));
  const ticked = await reader.page.locator('input:checked').count();
  await reader.page.reload();
  assert.equal(await reader.page.locator('input:checked').count(), ticked);
  await reader.page.getByRole('button', { name: 'Nộp bài' }).first().click();
  await reader.page.waitForLoadState();
  await reader.check('test-confirm');
  await reader.page.getByRole('main').getByRole('button', { name: /Nộp bài/ }).first().click();
  await reader.page.waitForURL(/ket-qua/);
  await reader.page.getByText(/^Đạt/).first().waitFor();
  await reader.check('test-result');

  assert.equal(await counted(coordinator), before + 1, 'the figure moves by one');
  // And why: this person is counted by the completion of this class.
  await coordinator.page.goto(`/chi-tieu/minh-hoa-${new Date().getFullYear()}/nguoi?tim=minh+hoa+ba`);
  const why = coordinator.page.getByRole('row', { name: /Học viên Minh họa Ba/ }).filter({ hasText: run });
  await why.first().getByText('Được tính', { exact: true }).waitFor();
  assert.match(await why.first().innerText(), /KT-01/);
  await coordinator.check('target-people');

  // The certificate comes from a job.
  const link = reader.page.locator('a[href*="/chung-nhan/"][href$="/pdf"]');
  for (let tries = 0; tries < 60; tries += 1) {
    await reader.page.goto('/chung-nhan');
    if ((await link.count()) > 0) break;
    await reader.page.waitForTimeout(500);
  }
  await reader.check('certificates');
  const code = (await link.first().getAttribute('href')).split('/')[2];
  const pdf = await reader.page.request.get(`/chung-nhan/${code}/pdf`);
  assert.equal(pdf.status(), 200);
  assert.match(pdf.headers()['content-type'], /pdf/);
  const paper = await readPaper(await pdf.body());
  assert.match(paper.text, /GIẤY CHỨNG NHẬN/);
  assert.match(paper.text, /HỌC VIÊN MINH HỌA BA/);

  const anybody = await arrive('anybody');
  await anybody.page.goto(`/tra-cuu/${code}`);
  await anybody.page.getByText(/còn hiệu lực/i).first().waitFor();
  await anybody.check('look-up');

  // Taken back by a decision, the same address says so: whoever scans the paper from now on sees it.
  await coordinator.page.goto(`/so-cap/${code}`);
  await coordinator.page.locator('[name=decision_number]').fill('01/QĐ-MH');
  await coordinator.page.locator('[name=decision_date]').fill(new Date().toISOString().slice(0, 10));
  await coordinator.page.locator('[name=reason]').fill('Minh họa việc thu hồi');
  await coordinator.page.getByRole('button', { name: /Thu hồi/ }).click();
  await coordinator.page.waitForLoadState();
  await anybody.page.goto(paper.address);
  await anybody.page.getByText(/đã thu hồi/i).first().waitFor();
  await anybody.page.getByText('01/QĐ-MH').first().waitFor();
  assert.equal(await anybody.page.getByText(/còn hiệu lực/i).count(), 0);
  await anybody.check('look-up-revoked');

  assert.match(await server.command('verify'), /./, 'the counters agree with the events');
});

/** The number of people counted towards the illustration target of the year. */
async function counted(coordinator) {
  await coordinator.page.goto(`/chi-tieu/minh-hoa-${new Date().getFullYear()}`);
  const numbers = await coordinator.page.locator('.figure-number').allTextContents();
  return Number(numbers[1].replaceAll('.', ''));
}
