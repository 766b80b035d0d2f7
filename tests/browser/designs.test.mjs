// A department builds its own process in the browser: drawn from templates, checked, tried, reviewed by a second person, published.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { Person, start } from './program.mjs';
import { applyFor, creditCode, find, follow, press } from './applying.mjs';

let world;
const open = new Map();
/** Address of the process the author draws. */
let process;

before(async () => {
  world = await start();
  world.browser.on('context', (context) => context.setDefaultTimeout(20_000));
});
after(async () => { await world?.stop(); });

/** A member of staff, signed in once for each width. */
async function staff(login, width = 1280) {
  const key = `${login} ${width}`;
  if (!open.has(key)) {
    const person = await Person.at(world, { width });
    await person.signIn(login);
    open.set(key, person);
  }
  return open.get(key);
}

async function begin(person, kind, name, key, starter) {
  await person.go(`/work/designs/new?kind=${kind}`);
  await person.page.fill('#name', name);
  await person.page.fill('#key', key);
  if (starter) await person.page.getByLabel(starter, { exact: true }).check();
  await press(person, '新建并开始设计');
  await person.page.waitForSelector('[data-ready]');
}

const saved = (person) => person.page.waitForFunction(() => document.querySelector('[data-state]').dataset.tone === 'good');

test('an author draws a process from templates without reading a manual', async () => {
  const author = await staff('editor01');
  const { page } = author;
  await author.go('/work/designs');
  await author.look('designs-empty');
  await begin(author, 'process', '演示许可流程', 'demo-licence', '空白');
  await author.look('designs-board-empty');
  assert.match(await page.locator('[data-findings]').innerText(), /还没有任何环节/);
  await page.locator('[data-element-id="submitted"]').first().click();
  for (const step of ['受理', '审查', '审批', '制证']) await page.locator('.designer__templates').getByRole('button', { name: step, exact: true }).click();
  await saved(author);
  assert.match(await page.locator('[data-findings]').innerText(), /没有发现问题/);
  await author.look('designs-board-drawn');
});

test('a press on a problem selects the element; a field puts it right; undo takes one step back', async () => {
  const author = await staff('editor01');
  const { page } = author;
  await page.locator('.djs-element.djs-shape', { hasText: '审查' }).first().click();
  await page.getByLabel('谁来办', { exact: true }).selectOption({ label: '请选择' });
  await page.waitForSelector('.findings__go');
  const go = page.locator('.findings__go').first();
  const id = await go.getAttribute('data-element');
  await page.locator('[data-element-id="submitted"]').first().click();
  await go.click();
  await page.waitForSelector(`[data-element-id="${id}"].selected`);
  await author.look('designs-board-problem');
  await page.getByRole('button', { name: '撤销' }).click();
  await page.waitForFunction(() => document.querySelector('[data-findings]').textContent.includes('没有发现问题'));
});

test('the author tries the process with sample data', async () => {
  const author = await staff('editor01');
  const { page } = author;
  await follow(author, '试运行');
  process = page.url().replace(/\/try$/, '').replace(world.base, '');
  await page.waitForSelector('[data-drawn] .mark-waiting');
  await author.look('designs-trial');
  for (const answer of ['受理', '报审批', '准予', '自动办理完成']) await press(author, answer);
  assert.match(await author.text(), /流程结束/);
  await press(author, '退一步');
  assert.doesNotMatch(await author.text(), /这条路走通了/);
  await author.look('designs-trial-end');
});

test('the author submits, the second person publishes', async () => {
  const author = await staff('editor01');
  await author.go(process);
  await author.page.waitForSelector('[data-drawn] .djs-shape');
  await author.look('designs-overview');
  await press(author, '提交审核');
  const reviewer = await staff('reviewer01');
  await reviewer.go(process);
  await reviewer.look('designs-review');
  await press(reviewer, '审核通过并发布');
  assert.match(await reviewer.text(), /现行/);
  await author.go(process);
  await press(author, '编制新版本');
});

test('lists on a phone', async () => {
  const phone = await staff('editor01', 375);
  await phone.go('/work/designs');
  await phone.look('designs-list');
  await phone.go(process);
  await phone.look('designs-overview-phone');
});

test('a board of decisions', async () => {
  const author = await staff('editor01');
  await begin(author, 'decision', '演示判断', 'demo-table', '一张决策表');
  const { page } = author;
  await author.look('designs-decision');
  const cell = page.locator('tbody tr').first().locator('td.input-cell').first();
  await cell.click();
  await page.keyboard.press('Control+A');
  await page.keyboard.press('Delete'); // else Chromium carries the colours of the old text over as inline style
  await page.waitForTimeout(200);
  await page.keyboard.type('100 200');
  await page.waitForSelector('.findings__go');
  await author.look('designs-decision-problem');
  await page.locator('tbody tr').nth(1).locator('td.output-cell').first().click();
  await page.locator('.findings__go').first().click();
  await page.waitForFunction(() => document.querySelector('tbody tr td.input-cell').contains(document.activeElement));
  await page.keyboard.press('Control+A');
  await page.keyboard.press('Delete'); // else Chromium carries the colours of the old text over as inline style
  await page.waitForTimeout(200);
  await page.keyboard.type('100');
  await page.waitForFunction(() => document.querySelector('[data-findings]').textContent.includes('没有发现问题'));
});

test('a board of forms', async () => {
  const author = await staff('editor01');
  await begin(author, 'form', '演示表单', 'demo-form', '申请人信息');
  const { page } = author;
  await author.look('designs-form');
  await page.locator('.fjs-palette-field[data-field-type=number]').click();
  await page.waitForSelector('.fjs-element.fjs-editor-selected[data-field-type=number]');
  const hide = page.locator('[data-entry-id="conditional-hide"]');
  await page.locator('.bio-properties-panel-group', { has: hide }).locator('.bio-properties-panel-group-header').first().click();
  await hide.locator('[contenteditable=true]').first().click();
  await page.keyboard.type('stage = ');
  await page.waitForSelector('.findings__go');
  await author.look('designs-form-problem');
  await page.locator('.fjs-editor-container .fjs-element[data-field-type=textfield]').first().click({ position: { x: 20, y: 8 } });
  await page.locator('.findings__go').first().click();
  await page.waitForSelector('.fjs-editor-selected');
});

test('two versions stand side by side, and what differs is said', async () => {
  const author = await staff('editor01');
  const { page } = author;
  await author.go(`${process}/edit`);
  await page.waitForSelector('[data-ready]');
  await page.locator('.djs-element.djs-shape', { hasText: '审查' }).first().click();
  await page.getByLabel('名称', { exact: true }).fill('复核');
  await page.getByLabel('名称', { exact: true }).blur();
  await page.waitForTimeout(2_000); // saved by itself; the next change is another save
  await saved(author);
  await page.getByLabel('办理时限（工作日）').fill('7'); // still selected
  await page.getByLabel('办理时限（工作日）').blur();
  await page.waitForTimeout(2_000);
  await saved(author);
  await follow(author, '检查和提交');
  await follow(author, '与上一版比较');
  await page.waitForSelector('[data-drawn] .change-changed');
  assert.match(await author.text(), /由“审查”改为“复核”/);
  assert.match(await author.text(), /时限（工作日）由“3”改为“7”/);
  await author.look('designs-compare');
});

test('the item of the department runs the process it drew, and a citizen applies for it', async () => {
  const guide = await find(world, '食品经营许可（首次申请）');
  const item = guide.replace('/items/', '/work/items/');
  const author = await staff('editor01');
  await author.go(item);
  await press(author, '编制新版本');
  await follow(author, '怎么办');
  await author.page.locator('[name=process_key]').selectOption('demo-licence');
  await press(author, '保存，回到目录');
  await follow(author, '查看事项，提交审核');
  await press(author, '提交审核');
  const reviewer = await staff('reviewer01');
  await reviewer.go(item);
  await press(reviewer, '审核通过并发布');
  const citizen = await Person.at(world);
  await citizen.signIn(creditCode('91450300TT1000016'));
  const { number } = await applyFor(citizen, guide);
  const window = await staff('window01');
  await window.go(`/work/cases?number=${number}`);
  assert.match(await window.text(), /受理/);
});
