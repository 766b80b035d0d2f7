// Windows, departments, supervision and the keepers of the catalogue: what the journeys of an undisturbed application leave out.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { Person, PASSWORD, start } from './program.mjs';
import { apply, applyFor, citizenNumber, click, creditCode, find, follow, pdf, press } from './applying.mjs';

const ITEM = '食品经营许可（首次申请）';
const SOLE_TRADER = '个体工商户设立登记';
let world;
let food;
const open = new Map();
/** Case number to the id in addresses. */
const ids = new Map();

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

/** A case on the workbench of somebody, found by its number. */
async function caseOf(login, number) {
  const person = await staff(login);
  await person.go(`/work/cases?number=${number}`);
  const [, id] = person.page.url().match(/\/work\/cases\/([0-9a-f-]{36})$/) ?? [];
  assert.ok(id, `${login} finds ${number}`);
  ids.set(number, id);
  return person;
}

/** Unfolds what is folded and waits for its content. */
async function unfold(person, words) {
  await person.page.locator('summary', { hasText: words }).click();
}

/** Fills in the form of an act and presses its button. */
async function act(person, path, fields, button) {
  const submit = person.page.getByRole('button', { name: button, exact: true });
  const form = person.page.locator(`main form[action$="${path}"]`).filter({ has: submit });
  for (const [name, value] of Object.entries(fields)) {
    const field = form.locator(`[name="${name}"]`);
    if ((await field.evaluate((e) => e.tagName)) === 'SELECT') await field.selectOption(value);
    else await field.fill(value);
  }
  await click(person, form.locator(submit));
}

async function says(person, words) {
  assert.match(await person.page.locator('body').innerText(), words);
}

/** A firm of the demonstration, signed in. */
async function firm(which) {
  const person = await Person.at(world, { width: 375 });
  await person.go('/login');
  const logins = [...(await person.page.content()).matchAll(/91450300TT[0-9A-Z]{8}/g)].map((m) => m[0]);
  await person.signIn(logins[which]);
  return person;
}

/** Where an applicant sees a case. */
async function mine(person, number) {
  if (ids.has(number)) await person.go(`/my/cases/${ids.get(number)}`);
  else {
    await person.go('/my');
    await click(person, person.page.locator('main a[href^="/my/cases/"]').first());
  }
  await says(person, new RegExp(number));
}

test('search answers to a word people say, a part of a word, and a code; themes lead to the same guide', async () => {
  const visitor = await Person.at(world, { width: 375 });
  for (const words of ['开餐馆', '食品经', '000131012001']) {
    await visitor.go(`/search?q=${encodeURIComponent(words)}`);
    await visitor.look(`search-${words === '000131012001' ? 'code' : words === '食品经' ? 'part' : 'word'}`);
    assert.ok(await visitor.page.locator(`main a[href="${food}"]`).count(), `“${words}” finds ${ITEM}`);
  }
  await visitor.go(`/search?q=${encodeURIComponent('没有这样的事项啊啊')}`);
  await visitor.look('search-nothing');
  await visitor.go('/enterprise');
  await click(visitor, visitor.page.getByRole('link', { name: /准营准办/ }).first());
  await visitor.look('theme');
  await says(visitor, /食品经营许可/);
});

test('a person registers, sees every mistake named, applies on a phone, gets the licence, rates, and anyone checks it', async () => {
  const person = await Person.at(world, { width: 375 });
  const number = citizenNumber('45030219930405004');
  await person.go('/register/person');
  await press(person, '注册');
  await person.look('register-empty');
  assert.ok((await person.page.locator('.govuk-error-summary li').count()) >= 4, 'every missing answer is named at once');
  for (const [name, value] of Object.entries({ name: '演示新店主', id_number: number, phone: '19900000666', address: '桂林市秀峰区示例路6号', password: PASSWORD })) {
    await person.page.fill(`[name=${name}]`, value);
  }
  await person.page.locator('[name=agreed]').check();
  await press(person, '注册');
  await person.signIn(number);

  const guide = await find(world, SOLE_TRADER);
  await person.go(guide.replace('/items/', '/apply/'));
  const draft = new URL(person.page.url()).pathname;
  await person.go(`${draft}/questions/1`);
  await press(person, '保存并继续');
  await person.look('questions-errors');
  assert.ok((await person.page.locator('.govuk-error-summary li').count()) >= 3);
  await person.go(`${draft}/materials/0`);
  await person.page.locator('input[type=file]').setInputFiles({ name: '不是图片.png', mimeType: 'image/png', buffer: Buffer.from('MZ\x90\x00 not a picture') });
  await press(person, '上传');
  await person.look('material-refused');
  assert.ok((await person.page.locator('.govuk-error-summary').count()) > 0, 'a file that is not what it says is refused');
  await person.go(`${draft}/check`);
  await person.page.locator('input[name=promise]').check();
  await press(person, '提交申请');
  await person.look('check-errors');
  assert.ok((await person.page.locator('.govuk-error-summary li').count()) >= 3, 'everything missing is named at once');
  await person.go(draft);
  const shown = new Set();
  const { number: caseNo, code } = await apply(person, {
    seen: async (kind) => { if (!shown.has(kind)) { shown.add(kind); await person.look(`apply-${kind}`); } },
  });
  await person.look('apply-receipt');
  const receipt = await person.page.getByRole('link', { name: '打印收件凭证' }).getAttribute('href');
  assert.equal((await (await person.page.request.get(world.base + receipt)).body()).subarray(0, 5).toString(), '%PDF-');

  const stranger = await firm(1);
  await mine(person, caseNo);
  const address = new URL(person.page.url()).pathname;
  assert.equal((await stranger.page.goto(world.base + address)).status(), 404, 'another party’s case is not there');
  stranger.complaints.length = 0;
  await stranger.go('/progress');
  await stranger.page.fill('[name=number]', caseNo);
  await stranger.page.fill('[name=code]', 'AAAAAAAA');
  await press(stranger, '查询进度');
  await stranger.look('progress-wrong-code');
  await stranger.page.fill('[name=code]', code.toLowerCase());
  await press(stranger, '查询进度');
  await says(stranger, /办理进度/);

  const clerk = await caseOf('window01', caseNo);
  await act(clerk, '/accept', {}, '受理');
  const approver = await caseOf('approver01', caseNo);
  await act(approver, '/decide', { opinion: '符合条件。' }, '准予');
  await says(approver, /已准予/);

  await person.go(address);
  await person.look('case-granted');
  await press(person, '我已收到结果');
  await person.go(`${address}/review`);
  await person.look('rate');
  await follow(person, '非常满意');
  await person.page.locator('input[name=options]').first().check();
  await person.page.fill('[name=text]', '当场办好，很方便。');
  await person.look('rate-options');
  await press(person, '提交评价');
  await person.look('rate-thanks');
  await says(person, /感谢您的评价/);

  await person.go('/my/licences');
  await person.look('licences');
  await click(person, person.page.locator('main a[href^="/my/licences/"]').first());
  await person.look('licence');
  assert.equal((await (await person.page.request.get(`${person.page.url()}/pdf`)).body()).subarray(0, 5).toString(), '%PDF-');
  const link = await person.page.locator('main a[href^="/v/"]').getAttribute('href');
  const anyone = await Person.at(world, { width: 375 });
  await anyone.go(link);
  await anyone.look('verified-by-link');
  await says(anyone, /真实有效/);
  await says(anyone, /营业执照/);
  await anyone.go('/v/no-such-code');
  await anyone.look('verified-unknown');
  await says(anyone, /查无此证/);
});

test('a clerk registers a walk-in applicant who has no account', async () => {
  const clerk = await staff('window01');
  await clerk.go('/work/register');
  await clerk.page.fill('[name=q]', '食品经营许可');
  await press(clerk, '查找');
  await clerk.look('register-window');
  await click(clerk, clerk.page.getByRole('link', { name: ITEM }).first());
  const write = async (code) => {
    await clerk.page.locator('[name=kind][value=firm]').check();
    await clerk.page.fill('[name=name]', '桂林演示走进来餐饮店');
    await clerk.page.fill('[name=id_number]', code);
    await clerk.page.fill('[name=phone]', '19900000555');
    await clerk.page.fill('[name=address]', '桂林市秀峰区示例路5号');
    await press(clerk, '开始登记');
  };
  const code = creditCode('91450300TT8000018');
  await write(code.slice(0, 17) + (code[17] === '0' ? '1' : '0'));
  await clerk.look('register-window-error');
  assert.ok((await clerk.page.locator('.govuk-error-summary').count()) > 0, 'a wrong credit code is refused');
  await write(code);
  await clerk.look('window-task-list');
  const { number } = await apply(clerk, { paper: true });
  await clerk.look('window-receipt');
  await caseOf('window01', number);
  await says(clerk, /已收纸质件/);
  await act(clerk, '/accept', {}, '受理');
  await says(clerk, /已受理，受理通知书已生成/);
});

test('one correction notice lists everything; the firm corrects; special procedure, extension, sending back, refusal with rights', async () => {
  const applicant = await firm(0);
  const { number } = await applyFor(applicant, food);

  const clerk = await caseOf('window01', number);
  await unfold(clerk, '材料不齐');
  await unfold(clerk, '申请表填写的内容');
  await clerk.look('acceptance-unfolded');
  await act(clerk, '/correction', { material_0: '申请书缺签名，请签名后重新上传。', field_business_address: '请写到门牌号。' }, '发出一次性告知书');
  await clerk.look('correction-sent');
  await says(clerk, /补正/);

  await mine(applicant, number);
  await applicant.look('case-correction');
  await says(applicant, /申请书缺签名/);
  await follow(applicant, '去补正');
  await applicant.look('correction');
  await press(applicant, '提交补正');
  await applicant.look('correction-errors');
  assert.ok((await applicant.page.locator('.govuk-error-summary').count()) > 0, 'a correction without the file is refused');
  await applicant.page.fill('[name=field_business_address]', '桂林市秀峰区示例路1号2楼');
  await applicant.page.locator('input[type=file]').setInputFiles(pdf('已签名的申请书.pdf'));
  await press(applicant, '提交补正');
  await says(applicant, /补正已提交/);

  await caseOf('window01', number);
  await act(clerk, '/accept', {}, '受理');

  const handler = await caseOf('handler01', number);
  await press(handler, '领取这项待办');
  await unfold(handler, '启动特别程序');
  await handler.look('handling-unfolded');
  await act(handler, '/special/start', { name: { index: 0 }, days: '5', reason: '需要到现场核查布局。' }, '启动特别程序');
  await handler.look('special');
  await says(handler, /特别程序进行中/);
  await mine(applicant, number);
  await applicant.look('case-paused');
  await caseOf('handler01', number);
  await act(handler, '/special/end', { conclusion: '现场布局与图纸一致。' }, '结束特别程序');
  await says(handler, /特别程序的结论已记录，办理期限继续计算/);

  await unfold(handler, '申请延期');
  await act(handler, '/extension', { days: '11', reason: '需要补充核查。' }, '报负责人批准');
  await handler.look('extension-too-long');
  assert.ok((await handler.page.locator('.govuk-error-summary').count()) > 0, 'eleven working days are refused');
  if (!(await handler.page.locator('main form[action$="/extension"]').isVisible())) await unfold(handler, '申请延期');
  await act(handler, '/extension', { days: '3', reason: '需要补充核查。' }, '报负责人批准');
  await says(handler, /等待负责人批准/);
  const head = await caseOf('head01', number);
  await head.look('extension-asked');
  await press(head, '批准延期');
  await says(head, /已批准延期/);
  await caseOf('handler01', number);
  assert.equal(await handler.page.locator('summary', { hasText: '申请延期' }).count(), 0, 'an extension happens once');

  await act(handler, '/forward', { opinion: '建议准予。' }, '报下一环节');
  const examiner = await caseOf('examiner01', number);
  await unfold(examiner, '退回承办');
  await act(examiner, '/return', { opinion: '请补充核查记录。' }, '退回承办');
  await says(examiner, /已退回/);
  await caseOf('handler01', number);
  await act(handler, '/forward', { opinion: '核查记录已补充。' }, '报下一环节');
  await caseOf('examiner01', number);
  await act(examiner, '/forward', { opinion: '场所不符合规定距离。' }, '报审批');
  const approver = await caseOf('approver02', number);
  await unfold(approver, '不予准许');
  await approver.look('approval-unfolded');
  const refuse = approver.page.locator('main form[action$="/decide"]', { has: approver.page.locator('[value=refuse]') });
  await refuse.locator('[name=opinion]').fill('不符合条件。');
  await refuse.locator('[name=facts]').fill('经营场所距污染源不足规定距离。');
  await refuse.locator('[name=reasons]').fill('不符合《食品安全法》第三十三条的规定。');
  await click(approver, refuse.getByRole('button', { name: '不予准许' }));
  await approver.look('refused');
  await mine(applicant, number);
  await applicant.look('case-refused');
  await says(applicant, /行政复议/);
});

test('an application for another body is not accepted, with reasons', async () => {
  const applicant = await firm(1);
  const { number } = await applyFor(applicant, food);
  const clerk = await caseOf('window01', number);
  await unfold(clerk, '不予受理');
  await act(clerk, '/not-accept', { reasons: '' }, '不予受理');
  await clerk.look('not-accept-errors');
  assert.ok((await clerk.page.locator('.govuk-error-summary').count()) > 0, 'reasons are needed');
  const reasons = clerk.page.locator('main form[action$="/not-accept"] [name=reasons]');
  if (!(await reasons.isVisible())) await unfold(clerk, '不予受理');
  await act(clerk, '/not-accept', { reasons: '经营场所不在本市，不属于本机关职权范围。', competent: '柳州市市场监督管理局' }, '不予受理');
  await clerk.look('not-accepted');
  await mine(applicant, number);
  await applicant.look('case-not-accepted');
  await says(applicant, /不属于本机关职权范围/);
});

test('supervision sees lights and a whole trail, sends a notice, the department answers, supervision closes it', async () => {
  const supervisor = await staff('supervisor01');
  await supervisor.go('/work/supervision?light=red');
  await supervisor.look('supervision-red');
  await supervisor.go('/work/supervision');
  const body = await supervisor.page.locator('#body option', { hasText: '桂林市市场监督管理局' }).getAttribute('value');
  await supervisor.go(`/work/supervision?body=${body}`);
  await supervisor.look('supervision-body');
  await click(supervisor, supervisor.page.locator('main tbody a[href^="/work/supervision/cases/"]').first());
  await supervisor.look('trail');
  await says(supervisor, /校验通过/);
  await act(supervisor, '/notice', {}, '发出督办');
  await supervisor.look('notice-errors');
  assert.ok((await supervisor.page.locator('.govuk-error-summary').count()) > 0, 'an empty notice is refused');
  const due = new Date(Date.now() + 7 * 86_400_000);
  await act(supervisor, '/notice', {
    text: '请说明超期原因和完成时间。', due_year: String(due.getFullYear()), due_month: String(due.getMonth() + 1), due_day: String(due.getDate()),
  }, '发出督办');
  await says(supervisor, /督办已发出/);
  const notice = await supervisor.page.locator('main a[href^="/work/notices/"]').first().getAttribute('href');

  const head = await staff('head01');
  await head.go('/work/notices');
  await head.look('notices');
  await head.go(notice);
  await head.look('notice');
  await act(head, '/answer', { answer: '核查人手不足，已增派人员，三个工作日内办结。' }, '提交答复');
  await says(head, /答复已提交/);
  await supervisor.go(notice);
  await act(supervisor, '/review', { opinion: '情况属实，同意办结。' }, '同意，办结');
  await supervisor.look('notice-closed');
  await says(supervisor, /已经办结/);
});

test('an editor writes a new version, a reviewer publishes it, the public reads it', async () => {
  const words = '开饭店、办食堂之前要办的许可，网上就能办。';
  const editor = await staff('editor01');
  await editor.go(food.replace('/items/', '/work/items/'));
  await editor.look('item');
  await press(editor, '编制新版本');
  await editor.look('item-editor');
  await follow(editor, '基本信息');
  await editor.look('item-editor-identity');
  await editor.page.fill('[name=summary]', '');
  await press(editor, '保存并继续');
  await says(editor, /“基本信息”已保存/);
  await editor.look('item-editor-handling');
  await editor.go(food.replace('/items/', '/work/items/'));
  await editor.look('item-incomplete');
  await follow(editor, '修改草稿');
  await editor.look('item-editor-incomplete');
  await editor.page.locator('aside a, .columns__side a').first().click();
  await editor.page.waitForURL(/identity#summary/);
  await editor.page.fill('[name=summary]', words);
  await press(editor, '保存，回到目录');
  await editor.look('item-draft');
  await says(editor, /“基本信息”已保存/);
  await follow(editor, '查看事项，提交审核');
  await press(editor, '提交审核');
  await says(editor, /已提交审核/);
  const reviewer = await staff('reviewer01');
  await reviewer.go(food.replace('/items/', '/work/items/'));
  await reviewer.look('item-review');
  await press(reviewer, '审核通过并发布');
  await says(reviewer, /已发布/);
  const visitor = await Person.at(world, { width: 375 });
  await visitor.go(food);
  await visitor.look('guide-new-version');
  assert.ok((await visitor.page.content()).includes(words));
});

for (const width of [375, 1280]) {
  test(`the rooms of the staff stand at ${width} px`, async () => {
    for (const [login, paths] of Object.entries({
      window01: ['/work', '/work/register', '/work/cases', '/work/account'],
      head01: ['/work/licences', '/work/reviews', '/work/notices'],
      supervisor01: ['/work/supervision'],
      editor01: ['/work/items', '/work/items/new', '/work/items/import'],
      admin01: ['/work/organization', '/work/accounts'],
    })) {
      const person = await staff(login);
      await person.page.setViewportSize({ width, height: 860 });
      person.width = width;
      for (const path of paths) {
        await person.go(path);
        await person.look(`staff${path.replaceAll('/', '-')}`);
      }
      await person.page.setViewportSize({ width: 1280, height: 860 });
      person.width = 1280;
    }
  });
}
