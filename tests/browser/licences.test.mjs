// A holder makes a one-time code for a licence, a clerk of the body looks by it, the holder sees the use and takes a code back.
// Types, stock and the public pages stand at both widths, with scripts and without.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { Person, start } from './program.mjs';
import { click, creditCode, follow, press } from './applying.mjs';

let world;
before(async () => {
  world = await start();
  world.browser.on('context', (context) => context.setDefaultTimeout(20_000));
});
after(async () => { await world?.stop(); });

const FIRM = creditCode('91450300TT1000016');
const NAME = '桂林演示米粉餐饮有限公司';

async function says(person, words) {
  assert.match(await person.page.locator('body').innerText(), words);
}

/** The holder's licence, taken in as stock: uploaded by one, approved by another. */
async function stock() {
  const manager = await Person.at(world);
  await manager.signIn('head01');
  await manager.go('/work/licences/types');
  await manager.look('licence-types');
  await follow(manager, '食品经营许可证');
  await manager.look('licence-type');
  await follow(manager, '导入存量证照');
  await manager.look('licence-stock-new');
  const list = `持证主体,证件号码,证照编号,颁发日期,有效期自,有效期至,经营场所,主体业态\n${NAME},${FIRM},JY10001,2024-03-09,,2029-03-08,桂林市示例路1号,餐饮服务经营者\n坏行,1234,JY10002,2024-03-09,,,桂林市示例路2号,\n`;
  await manager.page.locator('input[type=file]').setInputFiles({ name: '存量食品经营许可证.csv', mimeType: 'text/csv', buffer: Buffer.from(list) });
  await press(manager, '上传并检查');
  const page = new URL(manager.page.url()).pathname;
  for (let n = 0; n < 50 && !/待审核/.test(await manager.text()); n += 1) {
    await new Promise((resolve) => setTimeout(resolve, 300));
    await manager.go(page);
  }
  await manager.look('licence-stock-checked');
  const reviewer = await Person.at(world);
  await reviewer.signIn('approver02');
  await reviewer.go(page);
  await reviewer.look('licence-stock-review');
  await press(reviewer, '同意导入');
  for (let n = 0; n < 50 && !/已导入/.test(await reviewer.text()); n += 1) {
    await new Promise((resolve) => setTimeout(resolve, 300));
    await reviewer.go(page);
  }
  await says(reviewer, /已导入/);
  return { manager, reviewer };
}

test('a holder shows a licence by a code, a clerk uses it, both at 375 and 1280 pixels', async () => {
  const { manager, reviewer } = await stock();
  const holder = await Person.at(world, { width: 375 });
  await holder.signIn(FIRM);
  await holder.go('/my/licences');
  await holder.look('wallet');
  await follow(holder, '食品经营许可证');
  await holder.look('my-licence');
  await follow(holder, '出示证照');
  await holder.look('licence-show');
  await press(holder, '生成出示码');
  await says(holder, /请写明用途/);
  await holder.look('licence-show-wrong');
  await holder.page.locator('input[name=audience][value=body]').check();
  await holder.page.fill('[name=body]', '桂林市市场监督管理局');
  await holder.page.fill('[name=purpose]', '日常监督检查');
  await holder.page.locator('input[name=extent][value=copy]').check();
  await holder.page.fill('[name=looks]', '2');
  await press(holder, '生成出示码');
  await holder.look('licence-code');
  const digits = (await holder.page.locator('.code-face__digits').innerText()).trim();
  assert.match(digits, /^\d{4} \d{4} \d{4} \d{4}$/);

  const stranger = await Person.at(world, { width: 375 });
  await stranger.go('/licences/show');
  await stranger.look('use-licence');
  await stranger.page.fill('[name=code]', digits);
  await press(stranger, '下一步');
  await says(stranger, /只授权了另一个单位/);

  const clerk = await Person.at(world);
  await clerk.signIn('handler01');
  await clerk.go('/licences/show');
  await clerk.page.fill('[name=code]', digits);
  await press(clerk, '下一步');
  await clerk.look('licence-offer');
  await press(clerk, '查看');
  await clerk.look('licence-shown');
  await says(clerk, /桂林市示例路1号/);
  const [download] = await Promise.all([clerk.page.waitForResponse((r) => r.url().endsWith('/licences/show/copy')), clerk.page.getByRole('button', { name: '下载带水印的副本' }).click()]);
  assert.equal(download.headers()['content-type'], 'application/pdf');

  await holder.go('/my/licences');
  await follow(holder, '食品经营许可证');
  await says(holder, /演示承办甲.*凭出示码查看/s);
  await follow(holder, '日常监督检查');
  await press(holder, '收回出示码');
  await says(holder, /已收回/);
  await clerk.go('/licences/show');
  await clerk.page.fill('[name=code]', digits);
  await press(clerk, '下一步');
  await says(clerk, /已经收回/);
  await clerk.look('licence-code-taken-back');

  // The body changes it by two people; the old version points at the new one.
  await manager.go('/work/licences?q=JY10001');
  await manager.look('licences-work');
  await follow(manager, 'JY10001');
  await manager.look('licence-work');
  await follow(manager, '变更、暂扣或撤销');
  await manager.page.locator('input[name=act][value=change]').check();
  await manager.look('licence-act');
  await manager.page.fill('[name=items]', '经营场所：桂林市示例路9号');
  await manager.page.fill('[name=reason]', '经营场所迁移，已现场核查');
  await press(manager, '提请审核');
  await reviewer.go('/work/licences/orders');
  await reviewer.look('licence-orders');
  await click(reviewer, reviewer.page.locator('main table a').first());
  await reviewer.look('licence-order');
  await press(reviewer, '同意');
  await says(reviewer, /立即生效/);
  await holder.go('/my/licences?show=all');
  await holder.look('wallet-all');
  await says(holder, /已换发新版本/);
});

test('writing a type, watching uses and the public pages stand at both widths', async () => {
  for (const width of [375, 1280]) {
    const manager = await Person.at(world, { width });
    await manager.signIn('head01');
    for (const [path, name] of [['/work/licences/types/new', 'licence-type-new'], ['/work/licences/watch', 'licence-watch'], ['/work/licences/stock', 'licence-stock'], ['/work/licences/orders', 'licence-orders-empty'], ['/work/licences/types', 'licence-types']]) {
      await manager.go(path);
      await manager.look(name);
    }
    const anybody = await Person.at(world, { width, script: false });
    for (const path of ['/licences/types', '/licences/verify', '/licences/show']) await anybody.go(path);
    const seen = await Person.at(world, { width });
    await seen.go('/licences/types');
    await seen.look('licence-directory');
    await follow(seen, '食品经营许可证');
    await seen.look('licence-directory-entry');
    await seen.go('/licences/verify');
    await seen.look('licence-verify');
  }
});
