// The day two provinces become one, with somebody in the middle of a course: what she finishes afterwards counts for the unit she began
// in, her certificate says so, and the figures as of a later day show it under the unit that came of it.
import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { keyOf } from '../lib/answers.mjs';
import { journey } from '../lib/journey.mjs';
import { certificate, sitTest } from '../lib/learning.mjs';
import { readPaper } from '../lib/paper.mjs';

const answer = keyOf(join(dirname(fileURLToPath(import.meta.url)), '../../../courses/KT-01-kien-truc-chinh-phu-dien-tu'));
const run = 'MH-KT-01-01';
const reader = 'Học viên Minh họa Ba';
const before = 'Tỉnh Lào Cai';
const after = 'Tỉnh Minh Họa';

journey('merger', async ({ server, arrive }) => {
  const now = await server.later({});
  const day = (days) => new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Ho_Chi_Minh' }).format(new Date(now.getTime() + days * 86_400_000));
  const target = `/chi-tieu/minh-hoa-${day(0).slice(-4)}`;

  const administrator = await arrive('administrator');
  await administrator.signIn(await server.link('administrator'));
  await merge(administrator, day(0), day(-1));

  // She learns on as if nothing had happened.
  const learner = await arrive('reader');
  await learner.signIn(await server.link('learner-read'));
  await learner.page.goto(`/lop/${run}/kiem-tra/kt01-cuoi-khoa`);
  await sitTest(learner, server, answer);
  const paper = await readPaper(await certificate(learner.page));
  assert.ok(paper.text.includes(before), `the unit at the time of the course:\n${paper.text}`);
  assert.ok(!paper.text.includes(after), paper.text);

  const coordinator = await arrive('coordinator');
  await coordinator.signIn(await server.link('coordinator'));
  await coordinator.page.goto(`${target}/nguoi?tim=minh+hoa+ba`);
  await coordinator.page.getByRole('row', { name: reader }).filter({ hasText: run }).getByText(before).first().waitFor();
  // As recorded she stands under the old province, as of today under the new one.
  await coordinator.page.goto(`/don-vi/thay-doi`);
  await coordinator.page.getByText(after).first().waitFor();
  await coordinator.check('changes');
  await listedUnder(coordinator, `${target}/loai/dia-phuong`, before);
  await listedUnder(coordinator, `${target}/loai/dia-phuong?xem=quy-doi&ngay=${encodeURIComponent(day(0))}`, after);
  assert.match(await server.command('verify'), /./);
});

async function merge(administrator, on, dated) {
  const { page } = administrator;
  await page.goto('/don-vi/thay-doi/moi?loai=merge');
  const fields = {
    number: '01/NQ-MH', dated, issuer: 'Cơ quan Minh họa', on, units: 'P15-2025\nP24-2025',
    code_1: 'P98-2026', name_vi_1: after, name_en_1: 'Minh Hoa Province',
  };
  for (const [name, value] of Object.entries(fields)) await page.locator(`[name=${name}]`).fill(value);
  await administrator.check('merger-form');
  await page.getByRole('button', { name: 'Xem trước' }).click();
  await page.getByText('Chờ xác nhận').first().waitFor();
  await administrator.check('merger-preview');
  for (const role of await page.locator('input[name=role]').all()) await role.check();
  await page.getByRole('button', { name: /^Xác nhận: / }).click();
  await page.getByText('Đã thực hiện', { exact: true }).first().waitFor({ timeout: 30_000 });
  await administrator.check('merger-done');
}

/** The row of a unit, and behind it the list with the reader. */
async function listedUnder(coordinator, path, unit) {
  const { page } = coordinator;
  await page.goto(path);
  await coordinator.check(`provinces-${unit}`);
  const row = page.getByRole('row', { name: unit }).first();
  const list = row.getByRole('link', { name: /Danh sách/ });
  // On a phone the row has no room for it: the page of the unit leads there.
  if (await list.isVisible()) {
    await list.click();
  } else {
    await row.getByRole('link').first().click();
    await page.getByRole('link', { name: 'Xem danh sách người và lượt' }).click();
  }
  await page.getByRole('row', { name: reader }).filter({ hasText: run }).first().waitFor();
  await coordinator.check(`people-of-${unit}`);
}
