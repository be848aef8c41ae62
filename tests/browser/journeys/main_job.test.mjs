// The main job, walked as people walk it: a lesson is read, a test is passed with answers saved as they are given, the
// coordinator's figure moves by one, a certificate is issued, and anybody can look it up.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { journey } from '../lib/journey.mjs';

const course = join(dirname(fileURLToPath(import.meta.url)), '../../../courses/KT-01-kien-truc-chinh-phu-dien-tu');
const run = 'MH-KT-01-01';

journey('main job', async ({ server, arrive }) => {
  // Somebody new reads the first lesson and answers a question of it.
  const learner = await arrive('learner');
  await learner.signIn(server.links.learner);
  await learner.check('home');
  await learner.page.getByRole('main').getByRole('link', { name: 'Bắt đầu học' }).click();
  await learner.page.getByRole('heading', { level: 1 }).waitFor();
  await learner.check('lesson');
  await learner.page.getByRole('button', { name: 'Đã học xong' }).click();
  await learner.page.waitForLoadState();
  await learner.page.goto('/hoc');
  await learner.check('my-classes');

  const coordinator = await arrive('coordinator');
  await coordinator.signIn(server.links.coordinator);
  const before = await counted(coordinator);
  await coordinator.check('target');

  // Somebody who has read everything sits the test.
  const reader = await arrive('reader');
  await reader.signIn(server.links['learner-read']);
  await reader.page.getByRole('main').getByRole('link', { name: 'Làm bài kiểm tra' }).click();
  await reader.check('test-intro');
  await reader.page.getByRole('main').getByRole('button', { name: 'Bắt đầu làm bài' }).click();
  await reader.page.getByRole('timer').or(reader.page.locator('[data-timer]')).first().waitFor();
  await reader.check('test');
  assert.ok(!(await reader.page.content()).includes('Đúng. '), 'no feedback before the end');
  await answerAll(reader.page);
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
  await coordinator.page.goto('/chi-tieu/minh-hoa-2026/nguoi');
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
  const text = pdfText(await pdf.body());
  assert.match(text, /GIẤY CHỨNG NHẬN/);
  assert.match(text, /HỌC VIÊN MINH HỌA BA/);

  const anybody = await arrive('anybody');
  await anybody.page.goto(`/tra-cuu/${code}`);
  await anybody.page.getByText(/còn hiệu lực/i).first().waitFor();
  await anybody.check('look-up');

  assert.match(server.command('verify'), /./, 'the counters agree with the events');
});

/** The number of people counted towards the illustration target of the year. */
async function counted(coordinator) {
  await coordinator.page.goto(`/chi-tieu/minh-hoa-${new Date().getFullYear()}`);
  const numbers = await coordinator.page.locator('.figure-number').allTextContents();
  return Number(numbers[1].replaceAll('.', ''));
}

/** Chooses the right option of every question that has just one; enough to pass. */
async function answerAll(page) {
  const right = rightOptions();
  for (const question of await page.locator('[data-question]').all()) {
    // Whoever answers in under two seconds a question has not read it, and the completion would wait for a person.
    await page.waitForTimeout(2500);
    const radios = question.locator('label:has(input[type=radio])');
    for (const label of await radios.all()) {
      const words = (await label.innerText()).trim();
      const asked = (await question.innerText()).normalize('NFC');
      if (right.some(({ stem, option }) => asked.includes(stem) && words === option)) {
        await label.click();
        break;
      }
    }
  }
}

/** The right options as the bank's text has them: the test knows the course, the browser does not. */
function rightOptions() {
  const found = [];
  for (const file of readdirSync(join(course, 'bank'))) {
    for (const block of readFileSync(join(course, 'bank', file), 'utf8').normalize('NFC').split(/\n\s*\n/)) {
      const text = block.split('\n').filter((line) => !line.startsWith('//')).join('\n').trim();
      const stem = text.split('{')[0].trim();
      const choices = [...text.matchAll(/^\s*=([^#\n]+)#/gm)];
      if (choices.length === 1 && !choices[0][1].includes('->')) found.push({ stem, option: choices[0][1].trim() });
      const fact = text.match(/\{(T|F|TRUE|FALSE)[#}]/);
      if (fact) found.push({ stem, option: fact[1].startsWith('T') ? 'Đúng' : 'Sai' });
    }
  }
  return found;
}

/** What another program reads in the paper. */
function pdfText(bytes) {
  const file = join(tmpdir(), `nongcot-${process.pid}.pdf`);
  writeFileSync(file, bytes);
  return execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' }).normalize('NFC');
}
