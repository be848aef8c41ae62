// Sign in by a link, change the language and back, see the devices, end another one, sign out.
import assert from 'node:assert/strict';
import { journey } from '../lib/journey.mjs';

journey('sign in', async ({ server, arrive }) => {
  const learner = await arrive('learner');
  const { page } = learner;

  await learner.signIn(await server.link('learner'));
  await page.getByRole('heading', { level: 1 }).waitFor();
  assert.equal(await page.locator('html').getAttribute('lang'), 'vi');
  await learner.check('first-page');

  await learner.pressInHeader('English');
  await page.locator('html[lang=en]').waitFor();
  await learner.checkWords('first-page-english');
  await learner.pressInHeader('Tiếng Việt');
  await page.locator('html[lang=vi]').waitFor();

  // The same person on another device, let in by a link from the administration.
  const device = await arrive('other-device');
  await device.signIn(await server.link('learner'));

  await page.goto('/tai-khoan/phien');
  const endButtons = page.getByRole('table').getByRole('button', { name: /^Kết thúc/ });
  assert.equal(await endButtons.count(), 1, 'one session beside this one, which has no button of its own');
  await learner.check('sessions');
  await endButtons.click();
  await page.waitForLoadState();
  await page.goto('/tai-khoan/phien');
  assert.equal(await endButtons.count(), 0);

  await device.page.goto('/tai-khoan/phien');
  assert.match(new URL(device.page.url()).pathname, /^\/dang-nhap/, 'an ended session is asked to sign in');
  await device.check('ended-session');

  await learner.pressInHeader('Đăng xuất');
  assert.equal(await learner.signOutButton().count(), 0);
  await page.goto('/tai-khoan/phien');
  assert.match(new URL(page.url()).pathname, /^\/dang-nhap/);
  await learner.check('signed-out');
});
