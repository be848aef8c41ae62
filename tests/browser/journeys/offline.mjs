// A learner whose line comes and goes: nothing that was done is lost, nothing is shown as sent that was not, and the server is
// told how long was read.
import assert from 'node:assert/strict';
import { journey } from '../lib/journey.mjs';

const run = 'MH-KT-01-01';

journey('offline', async ({ server, arrive }) => {
  const learner = await arrive('learner');
  // What a browser says when there is no line, and to a session that was ended.
  for (const expected of [/ERR_INTERNET_DISCONNECTED/, /tien-do.*401|401.*tien-do/]) learner.expect(expected);
  const { page, context } = learner;
  const queue = page.locator('[data-queue]');
  await learner.signIn(await server.link('learner'));
  await page.goto(`/lop/${run}/hoc`);
  const first = page.url();

  // Somebody reads, and the page says so about every twenty seconds.
  const told = page.waitForResponse((response) => response.url().endsWith('/nhip'), { timeout: 40_000 });
  const beat = await told;
  assert.equal(beat.status(), 200);
  assert.ok((await beat.json()).counted >= 15, 'the server counts what the page measured');

  // With a line an answer is sent as before, and its result stands there.
  const checks = page.locator('form[data-item]');
  await answer(checks.first());
  await page.locator('form[data-item] .notice').first().waitFor();
  assert.ok(await queue.isHidden(), 'nothing waits');

  // Without one it waits, with what is marked as done.
  await context.setOffline(true);
  await answer(page.locator('form[data-item]:has(button)').first());
  await queue.getByText('1 việc chưa gửi').waitFor();
  await page.getByRole('button', { name: 'Đã học xong' }).click();
  await queue.getByText('2 việc chưa gửi').waitFor();
  await page.getByText('Chưa gửi được. Đã giữ trên máy này').first().waitFor();
  await learner.check('waiting');

  await context.setOffline(false);
  await queue.getByText('Đã gửi 2 việc').waitFor({ timeout: 30_000 });
  await learner.check('sent');
  await queue.getByRole('link', { name: 'Tải lại trang' }).click();
  await page.getByText(/^Đã học xong lúc/).waitFor();
  assert.ok((await page.locator('form[data-item] .notice').count()) >= 2, 'both answers are there');

  // The session ends meanwhile: said clearly, and sent after signing in again.
  await page.getByRole('link', { name: /^Bài sau/ }).click();
  await page.waitForURL((url) => url.href !== first);
  await context.setOffline(true);
  await page.getByRole('button', { name: 'Đã học xong' }).click();
  await queue.getByText('1 việc chưa gửi').waitFor();
  const device = await arrive('other-device');
  await device.signIn(await server.link('learner'));
  await device.page.goto('/tai-khoan/phien');
  await device.page.getByRole('button', { name: /^Kết thúc/ }).first().click();
  await device.page.waitForLoadState();
  await context.setOffline(false);
  await queue.getByText('Phiên đăng nhập đã kết thúc').waitFor({ timeout: 30_000 });
  await learner.check('signed-out');
  await learner.signIn(await server.link('learner'));
  await page.goto('/hoc');
  await queue.getByText('Đã gửi 1 việc').waitFor({ timeout: 30_000 });
  await learner.check('sent-later');

  // What still waits goes with the sign-out, after a question.
  await page.goto(`/lop/${run}/hoc`);
  await context.setOffline(true);
  await page.getByRole('button', { name: 'Đã học xong' }).click();
  await queue.getByText('1 việc chưa gửi').waitFor();
  const kept = () => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('tien-do:')).length);
  let asked = '';
  page.once('dialog', (dialog) => { asked = dialog.message(); dialog.dismiss(); });
  await learner.openMenu();
  await page.getByRole('banner').getByRole('button', { name: 'Đăng xuất' }).click();
  assert.match(asked, /chưa gửi/);
  assert.equal(await kept(), 1, 'refused: it stays');
  page.once('dialog', (dialog) => dialog.accept());
  await page.evaluate(() => document.addEventListener('submit', (event) => event.preventDefault()));
  await page.getByRole('banner').getByRole('button', { name: 'Đăng xuất' }).click();
  assert.equal(await kept(), 0, 'accepted: it goes');
  await context.setOffline(false);
});

/** Chooses something and sends it. */
async function answer(form) {
  const option = form.locator('label.option').first();
  if ((await option.count()) > 0) {
    await option.click();
  } else if ((await form.locator('select').count()) > 0) {
    for (const select of await form.locator('select').all()) await select.selectOption({ index: 1 });
  } else {
    await form.locator('input:not([type=hidden])').first().fill('1');
  }
  await form.getByRole('button').click();
}
