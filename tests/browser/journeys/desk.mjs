// The Ministry's desk, from the letter with the seats to the paper that anybody can check: a class and its round of seats are opened,
// an agency accepts, nominates from a spreadsheet and sends up with its signed letter; who is approved is in the class, who comes too
// late waits, and takes the place of somebody who withdraws; the class meets at the agency's site, whose list a second person confirms;
// a nominee learns in a hurry, which a person has to accept; the certificate stands in the register and its QR code says that it is valid.
import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { keyOf } from '../lib/answers.mjs';
import { journey } from '../lib/journey.mjs';
import { certificate, finishLesson, invitation, sitTest } from '../lib/learning.mjs';
import { readPaper } from '../lib/paper.mjs';

const answer = keyOf(join(dirname(fileURLToPath(import.meta.url)), '../../../courses/KT-01-kien-truc-chinh-phu-dien-tu'));
const run = 'MH-DOT-01';
const round = 'dot-minh-hoa';
const agency = 'P15-2025';
const seats = `/de-cu/${round}/${agency}`;
const password = 'một câu đủ dài để nhớ';
const HEADS = ['Họ tên', 'Năm sinh', 'Chức vụ', 'Đơn vị', 'Nhóm', 'Email'];
const NOMINEES = ['Ứng viên Minh họa Sáng', 'Ứng viên Minh họa Trưa', 'Ứng viên Minh họa Chiều'];
const mail = (name) => `${['sang', 'trua', 'chieu'][NOMINEES.indexOf(name)]}.minhhoa@example.org`;
const [first, second, third] = NOMINEES;

journey('desk', async ({ server, arrive }) => {
  const today = await server.later({});
  const day = (days) => vietnamese(new Date(today.getTime() + days * 86_400_000));

  const coordinator = await arrive('coordinator');
  await coordinator.signIn(await server.link('coordinator'));
  await openClass(coordinator, day(0), day(60));
  await planSession(coordinator, day(0));
  await openRound(coordinator, day(0), day(14));

  const officer = await arrive('officer');
  await officer.signIn(await server.link('officer'));
  await officer.page.goto(`/phan-bo/${round}/${agency}`);
  await officer.page.getByRole('button', { name: 'Chấp nhận 2 suất' }).click();
  await officer.page.getByText('Đã chấp nhận').first().waitFor();
  await officer.check('quota-accepted');
  await nominate(officer);
  await sendUp(officer, day(0));

  // Approved one after the other, so that the order of the waiting list is known.
  for (const name of NOMINEES) await approve(coordinator, name);
  await officer.page.goto(seats);
  await officer.page.getByRole('row', { name: third }).getByText('Danh sách chờ', { exact: true }).waitFor();
  await officer.check('seats-taken');
  await withdraw(officer, second, 'Chuyển công tác');
  await officer.page.goto(seats);
  await officer.page.getByRole('row', { name: third }).getByText('Đã duyệt', { exact: true }).waitFor();
  await officer.check('seat-passed-on');

  // The account came with the nomination, the place in the class with the approval: nobody enrols.
  const learner = await arrive('learner');
  await takeUp(learner, await invitation(server, mail(third)));
  await learner.page.goto('/hoc');
  await learner.page.getByRole('link', { name: 'Lớp minh họa của đợt' }).first().waitFor();
  await learner.check('nominee-classes');
  await hurry(learner);
  await learner.page.goto(`/lop/${run}/kiem-tra/kt01-cuoi-khoa`);
  await sitTest(learner, server, answer);

  // The test alone is not the class: it asks for the session too.
  await learner.page.goto('/chung-nhan');
  assert.equal(await learner.page.getByRole('link', { name: 'Mở bản PDF' }).count(), 0, 'no certificate before the session');
  await attend({ server, officer, coordinator });

  // Twelve lessons in a minute are not believed before somebody has looked at them.
  await coordinator.page.goto(`/lop/${run}`);
  const row = coordinator.page.getByRole('row', { name: third });
  await row.getByRole('link').first().click();
  await coordinator.page.waitForURL('**/hoan-thanh/*');
  await coordinator.check('in-doubt');
  await coordinator.page.locator('[name=reason]').fill('Đã hỏi lại người học');
  await coordinator.page.getByRole('button', { name: 'Xác nhận kết quả' }).click();
  await coordinator.page.getByText('Đã xác nhận kết quả.').waitFor();

  const paper = await readPaper(await certificate(learner.page));
  assert.ok(paper.text.includes(third.toUpperCase()), paper.text);
  await coordinator.page.goto(`/so-cap?tim=${encodeURIComponent('ung vien minh hoa chieu')}`);
  await coordinator.page.getByRole('row', { name: third }).first().waitFor();
  await coordinator.check('register');
  const anybody = await arrive('anybody');
  await anybody.page.goto(paper.address);
  await anybody.page.getByText(/còn hiệu lực/i).first().waitFor();

  // Who withdrew stands where everybody can see it who may, and the figures agree with the events.
  await officer.page.goto(seats);
  await officer.page.getByRole('row', { name: second }).getByText('Đã rút', { exact: true }).waitFor();
  assert.match(await server.command('verify'), /./);
});

const vietnamese = (date) => new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Ho_Chi_Minh' }).format(date);

async function openClass({ page }, opens, closes) {
  await page.goto('/lop/moi');
  await page.getByLabel('Khóa học').selectOption({ label: await optionOf(page.getByLabel('Khóa học'), /^KT-01/) });
  await page.getByLabel('Đơn vị tổ chức').selectOption({ label: 'Bộ Khoa học và Công nghệ' });
  await page.locator('[name=code]').fill(run);
  await page.locator('[name=title]').fill('Lớp minh họa của đợt');
  await page.locator('[name=opens]').fill(opens);
  await page.locator('[name=closes]').fill(closes);
  await page.locator('[name=capacity]').fill('2');
  await page.locator('[name=enrolment][value=list]').check();
  await page.locator('[name=attendance][value=all]').check();
  await page.getByRole('button', { name: 'Mở lớp' }).click();
  await page.waitForURL(`**/lop/${run}`);
}

const optionOf = async (select, like) => (await select.locator('option').allInnerTexts()).find((text) => like.test(text));

/** One evening at the agency; its officer keeps the list. */
async function planSession(coordinator, day) {
  const { page } = coordinator;
  await page.goto(`/lop/${run}/buoi/moi`);
  const fields = {
    title: 'Buổi trao đổi minh họa', day, from: '23:00', to: '23:55', name: 'Điểm cầu tỉnh', unit: agency,
    place: 'Hội trường minh họa', keeper: 'minhhoa.officer',
  };
  for (const [name, value] of Object.entries(fields)) await page.locator(`[name=${name}]`).fill(value);
  await page.locator('[name=kind]').first().check();
  await coordinator.check('session-planned');
  await page.getByRole('button', { name: 'Lưu buổi học' }).click();
  await page.getByText('Đã thêm buổi học.').first().waitFor();
}

/** The officer calls the roll once the session has begun, the coordinator is the second person. */
async function attend({ server, officer, coordinator }) {
  const list = `/lop/${run}/buoi/1/diem-cau/1`;
  await server.later({ days: 1 });
  await officer.page.goto(list);
  await officer.page.getByRole('group', { name: third }).getByRole('radio').first().check();
  await officer.check('roll');
  await officer.page.getByRole('button', { name: 'Lưu', exact: true }).click();
  await officer.page.getByText('Đã lưu điểm danh.').waitFor();
  await officer.page.getByRole('button', { name: 'Ghi 1 người còn lại có mặt' }).click();
  await officer.page.getByRole('button', { name: 'Gửi xác nhận' }).click();
  // Who wrote the list cannot be the second person.
  await officer.page.getByText('Danh sách chờ người thứ hai xác nhận').first().waitFor();
  assert.equal(await officer.page.getByRole('button', { name: 'Xác nhận danh sách' }).count(), 0);
  await coordinator.page.goto(list);
  await coordinator.check('roll-to-confirm');
  await coordinator.page.getByRole('button', { name: 'Xác nhận danh sách' }).click();
  await coordinator.page.getByText('Đã xác nhận danh sách.').waitFor();
}

async function openRound(coordinator, letter, deadline) {
  const { page } = coordinator;
  await page.goto('/phan-bo/moi');
  const fields = {
    title_vi: 'Đợt minh họa của Bộ', title_en: 'Illustration of a round', code: round, total: '2', deadline,
    letter_number: '21/CV-MH', letter_date: letter,
  };
  for (const [name, value] of Object.entries(fields)) await page.locator(`[name=${name}]`).fill(value);
  await page.locator('[name=run]').selectOption({ label: await optionOf(page.locator('[name=run]'), new RegExp(run)) });
  await coordinator.check('new-round');
  await page.getByRole('button', { name: 'Mở đợt' }).click();
  await page.waitForURL(`**/phan-bo/${round}`);
  await page.locator('[name=rows]').fill(`${agency}, 2`);
  await page.getByRole('button', { name: 'Phân bổ', exact: true }).click();
  await page.getByText('Chưa trả lời').first().waitFor();
  await coordinator.check('round');
}

async function nominate(officer) {
  const { page } = officer;
  await page.goto(seats);
  await page.getByText('Đề cử theo danh sách').click();
  const rows = NOMINEES.map((name, at) => [name, 1980 + at, 'Chuyên viên', agency, 'Chuyên trách công nghệ', mail(name)]);
  const wrong = ['Người Sai Thư', 1990, 'Chuyên viên', agency, 'khác', 'khong.phai.thu'];
  await page.locator('[name=rows]').fill([HEADS, ...rows, wrong].map((row) => row.join('\t')).join('\n'));
  await page.getByRole('button', { name: 'Kiểm tra danh sách' }).click();
  await page.getByText('Cần sửa (1)').first().waitFor();
  await officer.check('list-tried');
  await page.getByLabel(/thư mời/i).first().check();
  await page.getByRole('button', { name: /^Nhập 3 người mới/ }).click();
  await page.getByRole('link', { name: 'Về danh sách đề cử' }).waitFor({ timeout: 30_000 });
  await officer.check('list-applied');
}

async function sendUp(officer, letter) {
  const { page } = officer;
  await page.goto(seats);
  await page.getByRole('link', { name: /Trình 3 hồ sơ/ }).or(page.locator(`a[href="${seats}/trinh"]`)).first().click();
  await page.waitForURL('**/trinh');
  await page.locator('[name=number]').fill('12/CV-MH');
  await page.locator('[name=dated]').fill(letter);
  await page.locator('input[type=file]').setInputFiles({ name: 'cong-van.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n%%EOF\n') });
  await officer.check('letter');
  await page.getByRole('button', { name: /Trình/ }).first().click();
  await page.getByText('Đã trình').first().waitFor();
}

async function approve(coordinator, name) {
  const { page } = coordinator;
  await page.goto(`/de-cu/${round}`);
  await page.getByRole('row', { name }).getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Duyệt các hồ sơ đã chọn' }).click();
  await page.waitForLoadState();
}

async function withdraw(officer, name, reason) {
  const { page } = officer;
  await page.goto(seats);
  await page.getByRole('row', { name }).getByRole('link').first().click();
  await page.waitForURL('**/ho-so/*');
  await officer.check('nomination');
  await page.locator('summary', { hasText: 'Rút hồ sơ' }).click();
  const form = page.locator('form[action$="/rut"]');
  await form.locator('[name=reason]').fill(reason);
  await form.getByRole('button').click();
  await page.waitForLoadState();
}

async function takeUp(learner, link) {
  const { page } = learner;
  await page.goto(link);
  for (const field of await page.locator('input[type=password]').all()) await field.fill(password);
  await page.getByRole('main').getByRole('button').click();
  await learner.signOutButton().first().waitFor({ state: 'attached' });
}

/** Says of every lesson that it is done, and answers its questions, without reading. */
async function hurry({ page }) {
  await page.goto(`/lop/${run}/hoc`);
  for (let count = 1; ; count += 1) {
    for (const id of await page.locator('form.check').evaluateAll((forms) => forms.map((form) => form.dataset.item))) {
      const form = page.locator(`form[data-item="${id}"]`);
      await answer(form);
      const shown = page.waitForLoadState('load');
      await form.getByRole('button').click();
      await shown;
      await page.locator(`form[data-item="${id}"] .notice`).waitFor();
    }
    if (!(await finishLesson(page, { lookBack: count === 1 }))) return;
  }
}
