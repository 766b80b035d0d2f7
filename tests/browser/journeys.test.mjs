import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { Person, PASSWORD, start } from './program.mjs';
import { apply, citizenNumber } from './applying.mjs';

const ITEM = '食品经营许可（首次申请）';
let world;
let itemPath;

before(async () => { world = await start(); });
after(async () => { await world?.stop(); });

for (const width of [1280, 375]) {
  test(`the hall is open to everybody at ${width} px`, async () => {
    const visitor = await Person.at(world, { width });
    for (const [name, path] of [['home', '/'], ['personal', '/personal'], ['enterprise', '/enterprise'], ['bodies', '/bodies'], ['places', '/places'],
      ['login', '/login'], ['register', '/register/person'], ['progress', '/progress'], ['verify', '/licences/verify'], ['reviews', '/reviews'],
      ['efficacy', '/supervision'], ['help', '/help'], ['news', '/news'], ['search', `/search?q=${encodeURIComponent('食品经营')}`]]) {
      await visitor.go(path);
      await visitor.look(name);
    }
    await visitor.page.getByRole('link', { name: ITEM }).first().click();
    await visitor.page.waitForLoadState();
    itemPath = new URL(visitor.page.url()).pathname;
    assert.match(await visitor.text(), /材料/);
    await visitor.look('guide');
    await visitor.go('/elder?back=/');
    await visitor.look('elder-home');
  });
}

test('a citizen registers, and a wrong number is named with what to do', async () => {
  const citizen = await Person.at(world, { width: 375 });
  await citizen.go('/register/person');
  const fill = async (number) => {
    await citizen.page.fill('[name=name]', '演示新居民');
    await citizen.page.fill('[name=id_number]', number);
    await citizen.page.fill('[name=phone]', '19900000777');
    await citizen.page.fill('[name=password]', PASSWORD);
    if (await citizen.page.locator('[name=repeat], [name=password_again], [name=password2]').count()) await citizen.page.locator('[name=repeat], [name=password_again], [name=password2]').first().fill(PASSWORD);
    await citizen.page.locator('form[action="/register/person"] input[type=checkbox]').first().check();
    await citizen.page.locator('form[action="/register/person"] button[type=submit]').click();
    await citizen.page.waitForLoadState();
  };
  await fill('450302199003070011');
  await citizen.look('register-errors');
  assert.match(await citizen.text(), /身份/);
  await fill(citizenNumber('45030219930405002'));
  assert.ok(!citizen.page.url().endsWith('/register/person'), await citizen.text());
});

test('a firm applies, three layers decide, anyone verifies, the firm rates, supervision looks on', async () => {
  const firm = await Person.at(world);
  await firm.go('/login');
  const login = (await firm.page.content()).match(/91450300TT[0-9A-Z]{8}/)[0];
  await firm.signIn(login);
  await firm.go(itemPath.replace('/items/', '/apply/'));
  await firm.look('task-list');
  await apply(firm);
  await firm.look('receipt');
  const [number] = (await firm.text()).match(/\d{22}[0-9A-Z]/);
  const code = (await firm.text()).match(/查询码：\s*([0-9A-Z]{8})/)[1];

  const passer = await Person.at(world, { width: 375 });
  await passer.go('/progress');
  await passer.page.fill('[name=number]', number);
  await passer.page.fill('[name=code]', code);
  await passer.press('查询进度');
  await passer.look('progress-found');
  assert.match(await passer.text(), /待受理/);

  const at = async (login, act) => {
    const clerk = await Person.at(world);
    await clerk.signIn(login);
    await clerk.go('/work');
    await clerk.look(`work-${login}`);
    await clerk.go(`/work/cases?number=${number}`);
    await clerk.look(`case-${login}`);
    await act(clerk);
    await clerk.page.waitForLoadState();
    await clerk.page.context().close();
  };
  await at('window01', (c) => c.press('受理'));
  await at('handler01', async (c) => { await c.page.locator('form[action$="/forward"] [name=opinion]').fill('符合条件'); await c.press('报下一环节'); });
  await at('examiner01', async (c) => { await c.page.locator('form[action$="/forward"] [name=opinion]').fill('同意'); await c.press('报审批'); });
  await at('approver01', async (c) => { await c.page.locator('form[action$="/decide"] [name=opinion]').first().fill('准予'); await c.press('准予'); });

  await firm.go('/my');
  await firm.look('my');
  await firm.page.getByRole('link', { name: ITEM }).first().click();
  await firm.page.waitForLoadState();
  await firm.look('my-case');
  assert.match(await firm.text(), /已准予/);
  await firm.page.getByRole('link', { name: '查看和下载证照' }).or(firm.page.getByRole('button', { name: '查看和下载证照' })).first().click();
  await firm.page.waitForLoadState();
  await firm.look('my-licence');
  const identifier = (await firm.text()).match(/1\.2\.156\.3005\.2\.[0-9A-Z.]+/)[0];
  const pdf = await firm.page.request.get(`${firm.page.url()}/pdf`);
  assert.ok((await pdf.body()).subarray(0, 5).equals(Buffer.from('%PDF-')));

  await passer.go('/licences/verify');
  await passer.page.locator('main input[type=text]').first().fill(identifier);
  await passer.page.locator('main form button[type=submit]').first().click();
  await passer.page.waitForLoadState();
  await passer.look('verified');
  assert.match(await passer.text(), /真实有效|有效/);

  const supervisor = await Person.at(world);
  await supervisor.signIn('supervisor01');
  await supervisor.go('/work/supervision');
  await supervisor.look('supervision');
});

test('without JavaScript the application works just the same', async () => {
  const citizen = await Person.at(world, { script: false });
  await citizen.signIn(citizenNumber('45030219900307001'));
  await citizen.go('/search?q=' + encodeURIComponent('老年人优待证'));
  await citizen.page.getByRole('link', { name: /老年人优待证/ }).first().click();
  await citizen.page.waitForLoadState();
  await citizen.go(new URL(citizen.page.url()).pathname.replace('/items/', '/apply/'));
  await apply(citizen);
  assert.match(await citizen.text(), /申请已提交/);
});

test('a keyboard is enough to sign in', async () => {
  const citizen = await Person.at(world);
  await citizen.go('/login');
  await citizen.page.focus('#login');
  await citizen.page.keyboard.type('handler01');
  await citizen.page.keyboard.press('Tab');
  await citizen.page.keyboard.type(PASSWORD);
  await citizen.page.keyboard.press('Enter');
  await citizen.page.waitForURL('**/work');
});
