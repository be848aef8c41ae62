// What somebody does who learns: takes up an invitation, reads, sits a test, and has the paper.
import assert from 'node:assert/strict';

/** The link in the letter to an address, once a job has sent it. */
export async function invitation(server, address) {
  for (let tries = 0; tries < 100; tries += 1) {
    const letter = server.letters().find((text) => text.includes(address));
    if (letter) return letter.match(/https?:\/\/\S+\/mo\/[\w-]+/)[0];
    await new Promise((resolve) => { setTimeout(resolve, 200); });
  }
  throw new Error('no letter came');
}

/** Reads one lesson after the other as somebody does who takes a little over the 30 % of the computed time that are believed; how many. */
export async function readAll(learner, server, answer) {
  const { page } = learner;
  for (let count = 1; ; count += 1) {
    const minutes = Number((await page.locator('main > .muted').first().innerText()).match(/(\d+) phút/)[1]);
    for (let seconds = 0; seconds < minutes * 60 * 0.32; seconds += 20) {
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
    if (!(await finishLesson(page, { lookBack: count === 1 }))) return count;
  }
}

/**
 * Says that the lesson is done and goes where that leads: to the next one, or back to the class. Whether it is another lesson. Looking back, the
 * lesson says that it is done, and has a way on; that all of them are is what opens the test in the end.
 */
export async function finishLesson(page, { lookBack }) {
  const lesson = (url) => String(url).split(/[?#]/)[0];
  const here = lesson(page.url());
  const moved = (url) => lesson(url) !== here;
  await page.getByRole('button', { name: 'Đã học xong' }).click();
  await page.waitForURL(moved);
  if (lookBack) {
    await page.goto(here);
    await page.getByText(/^Đã học xong lúc/).waitFor();
    await page.getByRole('link', { name: /^Bài sau/ }).click();
    await page.waitForURL(moved);
  }
  return page.url().includes('/hoc/');
}

/** The certificate as soon as the job has made it. */
export async function certificate(page) {
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

/** Begins the test whose page is open, answers what somebody answers who knows it, hands it in, and has passed. */
export async function sitTest({ page }, server, answer) {
  await page.getByRole('button', { name: 'Bắt đầu làm bài' }).click();
  await page.waitForURL(/bai-lam/);
  await page.locator('[data-question]').nth(19).waitFor();
  for (const question of await page.locator('[data-question]').all()) {
    // Whoever answers in under two seconds a question has not read it.
    await server.later({ seconds: 5 });
    await answer(question);
  }
  await page.getByRole('button', { name: 'Nộp bài' }).first().click();
  await page.waitForLoadState();
  await page.getByRole('main').getByRole('button', { name: /Nộp bài/ }).first().click();
  await page.waitForURL(/ket-qua/);
  await page.getByText(/^Đạt/).first().waitFor();
}
