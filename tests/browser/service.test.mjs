// A member of staff without a manual builds a new service in the real designers — form, table, process — a second person publishes
// everything, a citizen applies for it, the table decides the way, and the citizen gets the result.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { Person, start } from './program.mjs';
import { applyFor, citizenNumber, click, creditCode, find, follow, press } from './applying.mjs';

const NAME = '露天演出场地使用许可';
const CODE = '000199077001';

let world;
const open = new Map();
/** Address of the item. */
let item;

before(async () => {
  world = await start();
  world.browser.on('context', (context) => context.setDefaultTimeout(20_000));
});
after(async () => { await world?.stop(); });

async function person(login, width = 1280) {
  const key = `${login} ${width}`;
  if (!open.has(key)) {
    const found = await Person.at(world, { width });
    await found.signIn(login);
    open.set(key, found);
  }
  return open.get(key);
}

const saved = (who) => who.page.waitForFunction(() => document.querySelector('[data-state]').dataset.tone === 'good');
const findings = (who, words) => who.page.waitForFunction((said) => document.querySelector('[data-findings]').textContent.includes(said), words);

/** Fills in fields by their names, as they are shown. */
async function fill(page, fields) {
  for (const [name, value] of Object.entries(fields)) {
    const field = page.locator(`main [name="${name}"]`).first();
    if ((await field.evaluate((element) => element.tagName)) === 'SELECT') await field.selectOption(value);
    else await field.fill(value);
  }
}

/** Opens a step of the service by its name on the page of the six steps. */
async function step(who, name) {
  await who.go(`${item}/build`);
  await click(who, who.page.locator('.tasks').getByRole('link', { name }).first());
}

/** From the board of a design to the reviewer, who publishes it. */
async function publishDesign(author) {
  await follow(author, '检查和提交');
  const here = new URL(author.page.url()).pathname;
  await press(author, '提交审核');
  const reviewer = await person('reviewer01');
  await reviewer.go(here);
  await press(reviewer, '审核通过并发布');
  assert.match(await reviewer.text(), /现行/);
}

test('the way begins with the six steps and an item', async () => {
  const author = await person('editor01');
  const { page } = author;
  await author.go('/work/items/build');
  await author.look('build-begin');
  await follow(author, '从新建事项开始');
  const body = await page.locator('[name=body] option').nth(1).getAttribute('value');
  await fill(page, { body, name: NAME, base_code: CODE });
  await press(author, '新建并填写');
  item = new URL(page.url()).pathname.replace(/\/edit$/, '');
  await follow(author, '搭建这项服务');
  await author.look('build-empty');
  assert.match(await author.text(), /处须补充或改正/);

  await click(author, page.locator('.tasks').getByRole('link', { name: /办事指南/ }));
  await follow(author, '基本信息');
  await page.getByLabel('自然人', { exact: true }).first().check();
  await page.getByText('自然人主题', { exact: true }).click();
  await page.locator('[name=person_themes]').first().check();
  await fill(page, { kind: '01', summary: '在公共场地办露天演出，先申请场地，再安排时间。', keywords: '演出、场地' });
  await press(author, '保存并继续');
  await page.locator('[name=channels]').nth(0).check();
  await page.locator('[name=channels]').nth(1).check();
  await fill(page, {
    case_type: '2', online_depth: '4', statutory: '20', promised: '10', conditions: '有固定的演出时间和地点。\n有安全措施。', visits: '0', process: 'standard',
  });
  await press(author, '保存并继续');
  await press(author, '增加一份材料');
  await fill(page, { m0_name: '演出安全措施说明', m0_source: 'applicant' });
  await page.getByText('更多', { exact: true }).first().click();
  await fill(page, { m0_criteria: '写明人员、器材和疏散安排', m0_basis: '《公共场地管理办法》第三条' });
  await press(author, '保存并继续');
  await fill(page, {
    steps: '受理 | 2\n审核 | 4\n审批 | 3\n办结 | 1\n送达 | 0', faq: '多大的场地要办？ | 在公共场地搭台演出的都要办。', basis: '《公共场地管理办法》 | 第三条 | 在公共场地办演出应当先取得场地使用许可。',
    results: '露天演出场地使用许可证 | 证照 | 377 | 1',
  });
  await press(author, '保存并继续');
  await fill(page, { place: '桂林市政务服务中心2楼A区3号窗口', hours: '工作日 9:00–17:00', phone: '0773-5700061', complaint_phone: '0773-5700961' });
  await press(author, '保存');
  const lacks = await page.locator('main').innerText();
  assert.match(lacks, /各要素齐全/, lacks);
});

test('a form is put together by hand, with a field that only shows when it is wanted', async () => {
  const author = await person('editor01');
  const { page } = author;
  await step(author, /申请表/);
  assert.equal(await page.locator('#name').inputValue(), NAME);
  await author.look('build-new-form');
  await press(author, '新建并开始设计');
  await page.waitForSelector('[data-ready]');
  const add = async (type, settings) => {
    await page.locator(`.fjs-palette-field[data-field-type=${type}]`).click();
    await page.waitForSelector(`.fjs-element.fjs-editor-selected[data-field-type=${type}]`);
    for (const [entry, value] of Object.entries(settings)) {
      const box = page.locator(`[data-entry-id="${entry}"]`);
      const group = page.locator('.bio-properties-panel-group', { has: box });
      if (!(await box.first().isVisible())) {
        await page.waitForTimeout(400); // the first group unfolds by itself
        if (!(await box.first().isVisible())) await group.locator('.bio-properties-panel-group-header').first().click();
      }
      const input = box.locator('input[type=text], textarea, [contenteditable=true]').first();
      await input.click();
      await page.keyboard.press('Control+A');
      await page.keyboard.type(value);
      await page.waitForTimeout(500); // the editor takes over what is typed when the hand rests
      await page.keyboard.press('Tab');
    }
  };
  await add('number', { label: '预计观众人数', key: 'audience' });
  await add('checkbox', { label: '是否搭建临时舞台', key: 'stage' });
  await add('textfield', { label: '舞台搭建单位', key: 'builder', 'conditional-hide': 'not(stage = true)' });
  await saved(author);
  await author.look('build-form');
  await follow(author, '试运行');
  const trial = await author.text();
  assert.match(trial, /预计观众人数/);
  assert.doesNotMatch(trial, /舞台搭建单位/);
  await author.look('build-form-trial');
  await page.locator('main label', { hasText: '是否搭建临时舞台' }).click();
  await press(author, '检查填写内容');
  assert.match(await author.text(), /舞台搭建单位/);
  await page.goBack();
  await page.goBack();
  await page.waitForSelector('[data-ready]');
  await publishDesign(author);
});

test('a decision table is typed, tried, and keeps an example that must pass', async () => {
  const author = await person('editor01');
  const { page } = author;
  await step(author, /^三、决策表/);
  await press(author, '新建并开始设计');
  await page.waitForSelector('[data-ready]');
  await page.getByText('条件里可以用哪些数据').click();
  assert.match(await author.text(), /audience[\s\S]*预计观众人数/);

  const type = async (cell, text) => {
    await cell.click();
    await page.keyboard.press('Control+A');
    await page.keyboard.type(text);
  };
  await page.locator('th.input-cell').first().dblclick();
  await type(page.locator('.input-edit .dms-input-label'), '预计观众人数');
  await type(page.locator('.input-edit .ref-text [contenteditable=true], .input-edit .ref-text[contenteditable=true]').first(), 'audience');
  await page.locator('h3.decision-table-name, .decision-table-name').first().click();
  const cells = (kind, row) => page.locator('tbody tr').nth(row).locator(`td.${kind}-cell`);
  const write = async (cell, text) => {
    await cell.click();
    const editor = cell.locator('[contenteditable=true]').first();
    await editor.click();
    await page.keyboard.press('Control+A');
    await page.keyboard.type(text);
  };
  await write(cells('output', 0), '"直接办理"');
  await write(cells('output', 1), '"现场核查"');
  await saved(author);
  await author.look('build-table');
  await findings(author, '没有发现问题');

  await follow(author, '检查和提交');
  const table = new URL(page.url()).pathname;
  assert.match(await author.text(), /还没有样例/);
  await press(author, '提交审核');
  assert.match(await author.text(), /还没有样例/, 'no examples, no review');
  await author.go(table);
  await follow(author, '试运行');
  await page.getByLabel('预计观众人数').fill('200');
  await press(author, '看结果');
  assert.match(await author.text(), /直接办理/);
  await author.look('build-table-trial');
  await press(author, '结果正确，存为样例');
  await page.getByLabel('预计观众人数').fill('3000');
  await press(author, '看结果');
  assert.match(await author.text(), /现场核查/);
  await press(author, '结果正确，存为样例');
  await author.go(table);
  await press(author, '提交审核');
  const reviewer = await person('reviewer01');
  await reviewer.go(table);
  await press(reviewer, '审核通过并发布');
});

test('a process is drawn from templates, with the table in it', async () => {
  const author = await person('editor01');
  const { page } = author;
  await step(author, /^四、流程/);
  await press(author, '新建并开始设计');
  await page.waitForSelector('[data-ready]');
  await page.locator('[data-element-id="submitted"]').first().click();
  for (const name of ['受理', '按表分流', '审批', '制证', '送达', '发通知']) {
    await page.locator('.designer__templates').getByRole('button', { name, exact: true }).click();
  }
  await findings(author, '没有写明决策表');
  await author.look('build-process-problem');
  await page.locator('.findings__go', { hasText: '决策表' }).first().click();
  await page.getByLabel('用哪张决策表').selectOption({ index: 1 });
  const table = await page.getByLabel('用哪张决策表').evaluate((list, name) => [...list.options].find((o) => o.text.startsWith(name)).value, NAME);
  await page.getByLabel('用哪张决策表').selectOption(table);
  await saved(author);
  await findings(author, '没有发现问题');
  await author.look('build-process');
  await follow(author, '试运行');
  for (const answer of ['受理', '得出“现场核查”', '符合', '准予', '自动办理完成', '自动办理完成', '自动办理完成']) await press(author, answer);
  assert.match(await author.text(), /流程结束/);
  await author.look('build-process-trial');
  await page.goto(page.url().replace(/\/try$/, '/edit'));
  await page.waitForSelector('[data-ready]');
  await publishDesign(author);
});

test('one press takes all of it into the item, and a second person publishes it', async () => {
  const author = await person('editor01');
  await author.go(`${item}/build`);
  await author.look('build-ready');
  await press(author, '把已发布的设计用到这个事项');
  assert.match(await author.text(), /事项用的就是上面的设计/);
  await author.look('build-bound');
  await author.go(item);
  await press(author, '提交审核');
  const reviewer = await person('reviewer01');
  await reviewer.go(item);
  await press(reviewer, '审核通过并发布');
  await author.go(`${item}/build`);
  assert.match(await author.text(), /公众可以办理/);
  const phone = await person('editor01', 375);
  await phone.go(`${item}/build`);
  await phone.look('build-done');
});

test('a citizen applies, the table sends the case to an inspection, clerks finish it, the citizen has the result', async () => {
  const citizen = await Person.at(world);
  await citizen.signIn(citizenNumber('45030219900307001'));
  const guide = item.replace('/work/items/', '/items/');
  assert.equal(await find(world, NAME), guide);
  const { number } = await applyFor(citizen, guide, { known: { audience: '3000' } });
  const find_ = async (login) => {
    const clerk = await person(login);
    await clerk.go(`/work/cases?number=${number}`);
    if (/\/work\/cases\?/.test(clerk.page.url())) await click(clerk, clerk.page.locator('main').getByRole('link', { name: new RegExp(number) }).first());
    return clerk;
  };
  const window = await find_('window01');
  await press(window, '受理');
  const handler = await find_('handler01');
  assert.match(await handler.text(), /现场核查/, 'the table decided');
  await handler.page.getByLabel('符合', { exact: true }).check();
  await handler.page.locator('textarea[name=opinion]').first().fill('场地平整，疏散通道畅通。');
  await handler.look('build-inspection');
  await press(handler, '提交意见');
  const approver = await find_('approver01');
  await approver.page.locator('textarea[name=opinion]').first().fill('准予使用。');
  await press(approver, '准予');
  await citizen.go('/my');
  await click(citizen, citizen.page.locator('main').getByRole('link', { name: NAME }).first());
  const said = await citizen.text();
  assert.match(said, /有新的进展/, 'the notice');
  assert.match(said, /送达回证/);
  assert.match(said, /露天演出场地使用许可证/);
  await citizen.look('build-result');
});

test('who looks at a guide with questions sees only the materials of their situation, without scripts, on a phone', async () => {
  const guide = await find(world, '食品经营许可（首次申请）');
  const visitor = await Person.at(world, { width: 375, script: false });
  await visitor.go(guide);
  assert.match(await visitor.text(), /授权委托书/);
  const { page } = visitor;
  await page.getByRole('group', { name: '您主要经营什么' }).getByLabel('餐饮服务').check();
  await page.getByRole('group', { name: '是否用自动设备经营' }).getByLabel('是', { exact: true }).check();
  await page.getByRole('group', { name: '是否委托他人办理' }).getByLabel('否', { exact: true }).check();
  await page.getByRole('button', { name: '看看要交什么' }).click();
  await page.waitForLoadState();
  const said = await visitor.text();
  assert.match(said, /餐饮服务，用自动设备经营/);
  assert.doesNotMatch(said, /授权委托书/);
  for (const width of [375, 1280]) {
    const seen = await Person.at(world, { width });
    await seen.go(guide);
    await seen.look('guide-questions');
    await seen.go(new URL(page.url()).pathname + new URL(page.url()).search);
    await seen.look('guide-situation');
  }
  const firm = await Person.at(world, { width: 375 });
  await firm.signIn(creditCode('91450300TT1000016'));
  await firm.go(guide.replace('/items/', '/apply/'));
  await firm.look('apply-situation');
});
