// The year 2022 after it was closed: 9.950 people took 12.300 turns. Whoever reads "10.000" sees which of the two a figure counts, what
// is short of it, who stands behind a number, and that the certificates of then are numbered in their year. tests/long/year_2022 fills the
// whole year; otherwise one person and one turn in so many are there, and every figure is said of those.
import assert from 'node:assert/strict';
import { walks } from '../lib/journey.mjs';
import { YEAR, oneIn } from '../lib/server.mjs';

const target = '/chi-tieu/chi-thi-02-2022';
const REQUIRED = 10_000;
const people = Math.floor(9_950 / oneIn);
const turns = Math.floor(12_300 / oneIn);
/** As it is written in Vietnamese: 9.950. */
const number = (figure) => figure.toLocaleString('vi-VN', { minimumGroupingDigits: 1 });
const share = `${number(Math.round(people * 1000 / REQUIRED) / 10)}%`;

walks('year 2022', [{ name: 'coordinator', walk: read }], { demo: YEAR });

async function read({ server, arrive }) {
  const coordinator = await arrive('coordinator');
  await coordinator.signIn(await server.link('coordinator'));
  const { page } = coordinator;
  await page.goto('/chi-tieu');
  const card = page.locator('section, article, li').filter({ has: page.locator(`a[href="${target}"]`) }).last();
  await card.getByText(number(people)).first().waitFor();
  await card.getByText(number(turns)).first().waitFor();
  await page.getByRole('main').getByText(share).first().waitFor();
  await coordinator.check('targets');

  await page.goto(target);
  const said = (await page.getByRole('main').innerText()).replace(/\s+/g, ' ');
  for (const figure of [`${number(people)} người`, `${number(turns)} lượt`, `${number(REQUIRED - people)} người`, share]) {
    assert.ok(said.includes(figure), `${figure}:\n${said}`);
  }
  await coordinator.check('target-2022');

  // Any paper of then: the register knows it, and its number is of its year.
  await page.goto('/so-cap?tim=012');
  await page.getByText(/\/2022\/GCN-/).first().waitFor();
  await coordinator.check('register-2022');
  assert.match(await verified(server), /./);
}

/** The targets of the demonstration were put in force after its completions, so one of them may still be on its way. */
async function verified(server) {
  for (let tries = 0; ; tries += 1) {
    try {
      return await server.command('verify');
    } catch (error) {
      if (tries > 60 || !/is being counted anew/.test(error.stdout)) throw error;
      await new Promise((done) => { setTimeout(done, 1000); });
    }
  }
}
