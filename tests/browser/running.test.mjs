// Running processes as people see them: a deputy works for a colleague who is away, sending back to a chosen step, the drawing of
// the process with what happened on it, for staff, the applicant and supervision; on a phone and on a desk, elder mode too.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { Person, start } from './program.mjs';
import { applyFor, click, find, press } from './applying.mjs';

const ITEM = '食品经营许可（首次申请）';
const DEPUTY = 'approver02';
let world;
let food;
let applicant;
/** The case: its number, and its id in addresses. */
const matter = {};
const open = new Map();

before(async () => {
  world = await start();
  world.browser.on('context', (context) => context.setDefaultTimeout(20_000));
  food = await find(world, ITEM);
});
after(async () => { await world?.stop(); });

/** A member of staff, signed in once. */
async function staff(login) {
  if (!open.has(login)) {
    const person = await Person.at(world);
    await person.signIn(login);
    open.set(login, person);
  }
  return open.get(login);
}

/** The case on somebody's workbench. */
async function caseOf(login) {
  const person = await staff(login);
  await person.go(`/work/cases/${matter.id}`);
  return person;
}

/** Fills in the form of an act and presses its button. */
async function act(person, path, fields, button) {
  const submit = person.page.getByRole('button', { name: button, exact: true });
  const form = person.page.locator(`main form[action$="${path}"]`).filter({ has: submit });
  for (const [name, value] of Object.entries(fields)) await form.locator(`[name="${name}"]`).fill(value);
  await click(person, form.locator(submit));
}

async function says(person, words) {
  assert.match(await person.page.locator('body').innerText(), words);
}

/** Whether the work list says for whom somebody works; what a session may do is believed for a few seconds. */
async function settles(person, acting) {
  for (let tries = 0; ; tries += 1) {
    await person.go('/work');
    if (/您今天代理/.test(await person.text()) === acting) return;
    assert.ok(tries < 20, `the list ${acting ? 'says' : 'no longer says'} for whom`);
    await person.page.waitForTimeout(500);
  }
}

/** The same page on a phone and on a desk. */
async function everywhere(person, name) {
  for (const width of [375, 1280]) {
    await person.page.setViewportSize({ width, height: 860 });
    person.width = width;
    await person.page.waitForTimeout(300);
    await person.look(name);
  }
}

/** The drawing, once the script has drawn it. */
async function drawn(person) {
  await person.page.locator('figure.diagram[data-drawn] .djs-element.mark-waiting').first().waitFor();
  return person.page.locator('figure.diagram');
}

test('a firm applies; the case goes through the first layers', async () => {
  applicant = await Person.at(world, { width: 375 });
  await applicant.go('/login');
  const logins = [...(await applicant.page.content()).matchAll(/91450300TT[0-9A-Z]{8}/g)].map((m) => m[0]);
  await applicant.signIn(logins[0]);
  matter.number = (await applyFor(applicant, food)).number;
  const clerk = await staff('window01');
  await clerk.go(`/work/cases?number=${matter.number}`);
  [, matter.id] = clerk.page.url().match(/\/work\/cases\/([0-9a-f-]{36})$/);
  await act(clerk, '/accept', {}, '受理');
  const handler = await caseOf('handler01');
  await act(handler, '/forward', { opinion: '材料真实，建议准予。' }, '报下一环节');
});

test('whoever is away names a deputy of the same body; mistakes are named', async () => {
  const examiner = await staff('examiner01');
  await examiner.go('/work/deputies');
  await everywhere(examiner, 'deputies');
  await press(examiner, '安排代理人');
  await everywhere(examiner, 'deputies-errors');
  assert.ok((await examiner.page.locator('.govuk-error-summary li').count()) > 0);
  const people = examiner.page.locator('[name=deputy]');
  const name = (await (await staff(DEPUTY)).page.locator('body').innerText()).match(/演示(?!数据)[^\s（]+/)?.[0];
  assert.ok(name, 'the deputy has a name');
  const option = people.locator('option', { hasText: name }).first();
  await people.selectOption(await option.getAttribute('value'));
  if (await examiner.page.locator('[name=kinds]').count()) await examiner.page.locator('[name=kinds][value="cases.examine"]').check();
  // The day it is in China, wherever this runs.
  const [year, month, day] = new Date().toLocaleDateString('en-CA', { timeZone: 'Asia/Shanghai' }).split('-').map(Number);
  for (const field of ['from_day', 'to_day']) {
    for (const [part, value] of Object.entries({ year, month, day })) await examiner.page.fill(`[name=${field}_${part}]`, String(value));
  }
  await examiner.page.fill('[name=reason]', '外出培训');
  await press(examiner, '安排代理人');
  await says(examiner, /代理人已安排/);
  await everywhere(examiner, 'deputies-named');
});

test('the deputy finds the work, does it, and it is recorded for whom', async () => {
  const deputy = await staff(DEPUTY);
  await settles(deputy, true);
  await everywhere(deputy, 'worklist-deputy');
  await caseOf(DEPUTY);
  await drawn(deputy);
  await says(deputy, /办理这个环节，记录写明/);
  await everywhere(deputy, 'case-deputy');
  await act(deputy, '/forward', { opinion: '审查通过，同意。' }, '报审批');
  const approver = await caseOf('approver01');
  const figure = await drawn(approver);
  await says(approver, /（代演示\S*）/);
  assert.ok((await figure.locator('.djs-element.mark-done').count()) > 3, 'what was done is coloured');
  await approver.page.locator('summary', { hasText: /^退回$/ }).click();
  await everywhere(approver, 'case-approver');
});

test('the applicant sees steps done, present and to come, without names, also without scripts', async () => {
  await applicant.go(`/my/cases/${matter.id}`);
  const said = await applicant.text();
  assert.match(said, /审批/);
  assert.doesNotMatch(said, /代演示|审查通过/, 'neither names nor opinions');
  await everywhere(applicant, 'course-applicant');
  assert.ok((await applicant.page.locator('.timeline__step--waiting').count()) > 0, 'what is to come is shown');
  const cookies = await applicant.page.context().cookies();
  const plain = await Person.at(world, { width: 375, script: false });
  await plain.page.context().addCookies(cookies);
  await plain.go(`/my/cases/${matter.id}`);
  assert.match(await plain.text(), /审批/);
  await applicant.go('/elder?back=/');
  await applicant.go(`/my/cases/${matter.id}`);
  await everywhere(applicant, 'course-elder');
});

test('the approver sends back to the step of their choice; what comes after it is to come again', async () => {
  const approver = await caseOf('approver01');
  await approver.page.locator('summary', { hasText: /^退回$/ }).click();
  await approver.page.getByLabel('承办', { exact: true }).check();
  await act(approver, '/return', { opinion: '请补充现场核查记录。' }, '退回');
  await says(approver, /已退回/);
  await caseOf('approver01');
  await drawn(approver);
  await everywhere(approver, 'case-returned');
  const ahead = await approver.page.locator('.timeline__step--waiting .timeline__title').allInnerTexts();
  assert.deepEqual(ahead.map((t) => t.match(/审查|审批|办结/)?.[0]), ['审查', '审批', '办结']);
});

test('supervision sees the same drawing, the copies page is there, and the deputy gives the work back', async () => {
  const supervisor = await staff('supervisor01');
  await supervisor.go(`/work/supervision/cases/${matter.id}`);
  await drawn(supervisor);
  await says(supervisor, /（代演示\S*）/);
  await everywhere(supervisor, 'course-supervisor');
  const handler = await staff('handler01');
  await handler.go('/work');
  await everywhere(handler, 'worklist-handler');
  await handler.go('/work/copies');
  await everywhere(handler, 'copies');
  const deputy = await staff(DEPUTY);
  await deputy.go('/work/deputies');
  await click(deputy, deputy.page.locator('form[action$="/end"] button'));
  await says(deputy, /代理已结束/);
  await settles(deputy, false);
});

test('who reads without scripts has the whole course as a list', async () => {
  const handler = await Person.at(world, { script: false });
  await handler.signIn('handler01');
  await handler.go(`/work/cases/${matter.id}`);
  assert.equal(await handler.page.locator('figure.diagram').isVisible(), false);
  assert.match(await handler.text(), /承办[\s\S]*审查[\s\S]*审批[\s\S]*办结/);
});
