// The year 2022 after it was closed: 9.950 people took 12.300 turns. Whoever reads "10.000" sees which of the two a figure counts, what
// is short of it, who stands behind a number, and that the certificates of then are numbered in their year. Filling a year takes minutes,
// so tests/browser/run leaves PostgreSQL out unless TEST_LONG=1 asks for it.
import assert from 'node:assert/strict';
import { walks } from '../lib/journey.mjs';

const target = '/chi-tieu/chi-thi-02-2022';

walks('year 2022', [{ name: 'coordinator', walk: read }], { whole: true });

async function read({ server, arrive }) {
  const coordinator = await arrive('coordinator');
  await coordinator.signIn(server.link('coordinator'));
  const { page } = coordinator;
  await page.goto('/chi-tieu');
  const card = page.locator('section, article, li').filter({ has: page.locator(`a[href="${target}"]`) }).last();
  await card.getByText('9.950').first().waitFor();
  await card.getByText('12.300').first().waitFor();
  await page.getByRole('main').getByText('99,5%').first().waitFor();
  await coordinator.check('targets');

  await page.goto(target);
  const said = (await page.getByRole('main').innerText()).replace(/\s+/g, ' ');
  for (const figure of ['9.950 người', '12.300 lượt', '50 người', '99,5%']) assert.ok(said.includes(figure), `${figure}:\n${said}`);
  await coordinator.check('target-2022');

  // Any paper of then: the register knows it, and its number is of its year.
  await page.goto('/so-cap?tim=012');
  await page.getByText(/\/2022\/GCN-/).first().waitFor();
  await coordinator.check('register-2022');
  assert.match(server.command('verify'), /./);
}
