// Without a mouse and without sight: every page says what its parts are, the first stop leads past the menu, the focus goes through
// the page in the order in which it is read and is seen wherever it stands; and a whole test is sat with the keyboard alone. None of it
// asks the database for anything that the other journeys do not.
import assert from 'node:assert/strict';
import { SQLITE, journey, walks } from '../lib/journey.mjs';

const run = 'MH-KT-01-01';
const test = `/lop/${run}/kiem-tra/kt01-cuoi-khoa`;
const PAGES = {
  anyone: ['/', '/dang-nhap', '/khoa-hoc', '/tra-cuu'],
  learner: ['/', '/hoc', `/lop/${run}`, `/lop/${run}/hoc`],
  officer: ['/', '/nguoi', '/de-cu', '/bao-cao/moi'],
  coordinator: ['/', '/chi-tieu', '/phan-bo'],
  auditor: ['/', '/so-cap', '/nhat-ky'],
  administrator: ['/', '/he-thong'],
};

walks('parts of a page', Object.entries(PAGES).map(([role, paths]) => ({
  name: role,
  async walk({ server, arrive, narrow }) {
    const visitor = await arrive(role);
    const { page } = visitor;
    if (server.people.has(role)) await visitor.signIn(await server.link(role));
    for (const path of paths) {
      await page.goto(path);
      for (const part of ['main', 'banner', 'contentinfo']) {
        assert.equal(await page.getByRole(part).count(), 1, `${role} ${path}: one ${part}`);
      }
      assert.equal(await page.getByRole('heading', { level: 1 }).count(), 1, `${role} ${path}: one heading of the page`);
      await headings(page, `${role} ${path}`);
      if (server.people.has(role) && !narrow) {
        assert.equal(await page.getByRole('navigation', { name: 'Danh mục chính' }).count(), 1, `${role} ${path}: one main menu`);
      }
      await stops(page, `${role} ${path}`);
    }
  },
})), { on: [SQLITE] });

/** No level is left out on the way down. */
async function headings(page, where) {
  const levels = await page.getByRole('heading').evaluateAll((all) => all.map((h) => Number(h.tagName[1])));
  levels.reduce((before, level) => {
    assert.ok(level <= before + 1, `${where}: a heading of level ${level} under one of level ${before}`);
    return level;
  }, 0);
}

/** The skip link first; then every stop further down in the source than the one before, and each with an outline or a border that shows it. */
async function stops(page, where) {
  await page.keyboard.press('Tab');
  const skip = page.getByRole('link', { name: 'Đến nội dung chính' });
  assert.ok(await skip.evaluate((link) => link === document.activeElement), `${where}: the first stop leads past the menu`);
  const first = await page.locator('[tabindex]').evaluateAll((all) => all.filter((element) => element.tabIndex > 0).length);
  assert.equal(first, 0, `${where}: nothing jumps the line`);
  for (let stop = 0; stop < 12; stop += 1) {
    await page.evaluate(() => { window.before = document.activeElement; });
    await page.keyboard.press('Tab');
    const now = await page.evaluate(() => {
      const here = document.activeElement;
      if (here === document.body) return { over: true };
      const style = getComputedStyle(here);
      return {
        follows: Boolean(window.before.compareDocumentPosition(here) & Node.DOCUMENT_POSITION_FOLLOWING),
        shown: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
        what: here.outerHTML.slice(0, 100),
      };
    });
    if (now.over) break;
    assert.ok(now.follows, `${where}: the focus goes back to ${now.what}`);
    assert.ok(now.shown, `${where}: nobody sees the focus on ${now.what}`);
  }
  // The skip link leads to the content, and the next stop lies in it.
  await page.goto(page.url());
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'noi-dung', `${where}: the content has the focus`);
}

journey('exam by keyboard', async ({ server, arrive }) => {
  const learner = await arrive('learner');
  const { page } = learner;
  await learner.signIn(await server.link('learner-read'));
  await page.goto(test);
  await press(page, 'Bắt đầu làm bài');
  await page.waitForURL(/bai-lam/);
  await page.locator('[data-question]').nth(19).waitFor();
  // Each question is a group that says its number and its text, and each answer has a name.
  assert.equal(await page.getByRole('group', { name: /^Câu \d+/ }).count(), 20);
  const unnamed = await page.locator('[data-question]').locator('input:not([type=hidden]), select')
    .evaluateAll((fields) => fields.filter((field) => !field.labels?.[0]?.textContent.trim()).map((field) => field.outerHTML));
  assert.deepEqual(unnamed, [], 'every answer has a name');

  const answered = new Set();
  for (let stop = 0; stop < 600 && answered.size < 20; stop += 1) {
    await page.keyboard.press('Tab');
    const here = await page.evaluate(() => {
      const field = document.activeElement;
      return { kind: field.type ?? '', question: field.closest('[data-question]')?.dataset.question };
    });
    if (!here.question) continue;
    const first = !answered.has(here.question);
    if (here.kind === 'radio' || (here.kind === 'checkbox' && first)) await page.keyboard.press('Space');
    else if (here.kind.startsWith('select')) await page.keyboard.press('ArrowDown');
    else if (here.kind === 'text' && first) await page.keyboard.type('1');
    else continue;
    answered.add(here.question);
  }
  assert.equal(answered.size, 20, 'every question was reached');
  await page.getByText('Đã trả lời 20/20').first().waitFor();
  await learner.check('answered');
  await press(page, 'Nộp bài');
  await page.getByRole('heading', { level: 1, name: /Nộp bài/ }).waitFor();
  await press(page, 'Nộp bài');
  await page.waitForURL(/ket-qua/);
  // Whoever guesses does not pass; what counts is that all of it arrived.
  await page.getByText(/^(Đạt|Không đạt)/).first().waitFor();
  await page.getByText('20/20 câu').waitFor();
}, { on: [SQLITE] });

/** Goes on from stop to stop until the button of that name has the focus, and presses it. */
async function press(page, name) {
  for (let stop = 0; stop < 300; stop += 1) {
    await page.keyboard.press('Tab');
    const here = await page.evaluate(() => (document.activeElement.tagName === 'BUTTON' ? document.activeElement.textContent.trim() : ''));
    if (here === name) return page.keyboard.press('Enter');
  }
  throw new Error(`no stop is the button ${name}`);
}
