// Staff who decide or administer set up a second factor before anything else: with scripts and without, wide and narrow.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { Person, PASSWORD, start } from './program.mjs';
import { click, follow, press } from './applying.mjs';

let world;
before(async () => {
  world = await start({ TONGBAN_STAFF_SECOND_FACTOR: 'deciders' });
  world.browser.on('context', (context) => context.setDefaultTimeout(20_000));
});
after(async () => { await world?.stop(); });

/** The code an authenticator app shows `steps` half minutes from now (RFC 6238). */
function code(secret, steps = 0) {
  const bits = [...secret].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const mac = createHmac('sha1', key).update(counter).digest();
  const at = mac[19] & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

async function says(person, words) {
  assert.match(await person.page.locator('body').innerText(), words);
}

/** Sets the second factor up; gives the secret and the recovery codes. `look` keeps a picture where it can. */
async function setUp(person, look) {
  assert.match(person.page.url(), /second-factor$/, 'nothing else opens');
  await look('second-factor');
  await press(person, '开始设置');
  await look('second-factor-secret');
  const secret = (await person.page.locator('.facts__value').first().innerText()).trim();
  await person.page.fill('[name=code]', '000000');
  await press(person, '确认启用');
  await look('second-factor-wrong');
  await person.page.fill('[name=code]', code(secret));
  await press(person, '确认启用');
  await look('second-factor-codes');
  const codes = await person.page.locator('main li code').allInnerTexts();
  assert.equal(codes.length, 10);
  await follow(person, '已保存，进入工作台');
  assert.match(person.page.url(), /\/work$/);
  return { secret, codes };
}

test('an approver sets it up on a phone and comes back with a code', async () => {
  const approver = await Person.at(world, { width: 375 });
  await approver.signIn('approver01');
  await approver.go('/work/cases');
  const { secret, codes } = await setUp(approver, (name) => approver.look(name));
  await approver.go('/work/account');
  await approver.look('account-with-second-factor');
  await says(approver, /还剩 10 个/);

  const again = await Person.at(world, { width: 375 });
  await again.go('/login');
  await again.page.fill('#login', 'approver01');
  await again.page.fill('#password', PASSWORD);
  await click(again, again.page.locator('form[action="/login"] button[type=submit]'));
  await again.look('login-code');
  await again.page.fill('[name=code]', code(secret, 1)); // the one of now confirmed the set-up and is spent
  await press(again, '确认登录');
  assert.match(again.page.url(), /\/work$/);

  const lost = await Person.at(world);
  await lost.go('/login');
  await lost.page.fill('#login', 'approver01');
  await lost.page.fill('#password', PASSWORD);
  await click(lost, lost.page.locator('form[action="/login"] button[type=submit]'));
  await lost.page.fill('[name=code]', codes[0].toLowerCase());
  await press(lost, '确认登录');
  await lost.go('/work/account');
  await says(lost, /还剩 9 个/);
});

test('an administrator sets it up without scripts and resets that of a colleague', async () => {
  const admin = await Person.at(world, { script: false });
  await admin.page.goto(`${world.base}/login`);
  const send = async (label) => { await admin.page.getByRole('button', { name: label, exact: true }).first().click(); await admin.page.waitForLoadState(); };
  await admin.page.fill('#login', 'admin01');
  await admin.page.fill('#password', PASSWORD);
  await admin.page.locator('form[action="/login"] button[type=submit]').click();
  await admin.page.waitForURL(/second-factor$/);
  await send('开始设置');
  const secret = (await admin.page.locator('.facts__value').first().innerText()).trim();
  await admin.page.fill('[name=code]', code(secret));
  await send('确认启用');
  assert.equal(await admin.page.locator('main li code').count(), 10);
  await admin.page.goto(`${world.base}/work/accounts`);
  const form = admin.page.locator('form[action="/work/accounts/second-factor"]');
  await form.locator('[name=work_no]').fill('approver01');
  await form.locator('[name=reason]').fill('手机丢失，已当面核对身份证');
  await form.locator('button').click();
  await admin.page.waitForLoadState();
  await says(admin, /登录动态码已重置/);

  const approver = await Person.at(world);
  await approver.signIn('approver01');
  await setUp(approver, (name) => approver.look(name));
});

test('pages of operators and administrators stand at both widths', async () => {
  const admin = await Person.at(world);
  await admin.signIn('head01');
  assert.match(admin.page.url(), /second-factor$/, 'the head decides, too');
  const clerk = await Person.at(world);
  await clerk.signIn('window01');
  assert.match(clerk.page.url(), /\/work$/, 'a window clerk does not decide');
});
