// Applying with a form of repeating groups, levels of regions, conditional parts and computed values: with scripts on a
// desk and a phone, and without scripts.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { Person, start } from './program.mjs';
import { apply, citizenNumber, find, press } from './applying.mjs';

const COMPANY = '公司设立登记';
let world;
let guide;
before(async () => {
  world = await start();
  guide = await find(world, COMPANY);
});
after(() => world?.stop());

/** Fills one row of the shareholders. */
async function shareholder(person, row, name, amount, number) {
  const at = (key) => person.page.locator(`[name="shareholders[${row}].${key}"]`);
  await at('kind').and(person.page.locator('[value=person]')).check();
  if (person.script) await at('citizen_id').waitFor();
  await at('name').fill(name);
  await at('amount').fill(String(amount));
  await at('way').selectOption('cash');
  if ((await at('citizen_id').count()) > 0) await at('citizen_id').fill(number);
}

for (const { width, script, seventeen } of [
  { width: 1280, script: true, seventeen: '45030219900307001' },
  { width: 375, script: true, seventeen: '45030319850520123' },
  { width: 1280, script: false, seventeen: '45030519400101002' },
]) {
  test(`a company is registered at ${width} px ${script ? 'with' : 'without'} scripts`, async () => {
    const person = await Person.at(world, { width, script });
    person.script = script;
    const look = (name) => (script ? person.look(`forms-${name}`) : Promise.resolve());
    await person.signIn(citizenNumber(seventeen));
    await person.go(guide.replace('/items/', '/apply/'));
    const draft = new URL(person.page.url()).pathname;
    const { page } = person;
    // without scripts there is nothing to evaluate in the page: plain clicks and loads
    const go = script ? (name) => press(person, name) : async (name) => {
      await page.locator('main').getByRole('button', { name, exact: true }).first().click();
      await page.waitForLoadState();
    };

    await person.go(`${draft}/questions/1`);
    await page.fill('[name=capital]', '100');
    for (const code of ['450302000000', '450302001000']) {
      await page.locator('select[name=place]').last().selectOption(code);
      if (script) await page.locator('select[name=place] >> nth=' + (code.endsWith('000000') ? 1 : 2)).waitFor();
      else await go('选择');
    }
    await page.locator('select[name=place]').last().selectOption({ index: 1 });
    assert.equal(await page.locator('select[name=place]').count(), 3);
    assert.equal(await page.inputValue('[name=capital]'), '100', 'nothing typed is lost');
    await look('levels');
    await go('先保存，回到目录');

    await person.go(`${draft}/questions/3`);
    await shareholder(person, 0, '演示甲', 30, citizenNumber('45030219900307001'));
    await go('添加股东');
    assert.equal(await page.inputValue('[name="shareholders[0].name"]'), '演示甲');
    await shareholder(person, 1, '演示乙', 50, citizenNumber('45030319850520123'));
    await go('添加股东');
    assert.equal(await page.locator('.form-list__row').count(), 3);
    await go('删除第 3 项股东');
    assert.equal(await page.locator('.form-list__row').count(), 2);
    await look('rows');
    await go('保存并继续');
    // 30 + 50 is not the capital of 100: the reason is asked now, and without scripts the number of the second person
    await page.locator('[name=capital_reason]').waitFor();
    for (const row of [0, 1]) await page.fill(`[name="shareholders[${row}].citizen_id"]`, citizenNumber('45030219900307001'));
    assert.match(await person.text(), /认缴出资合计（万元）\s*80/);
    assert.match(await person.text(), /62\.5/);
    await page.fill('[name=capital_reason]', '演示：其余出资由新股东认缴');
    await look('computed');
    await go('保存并继续');
    assert.match(new URL(page.url()).pathname, /questions\/4$/);

    if (!script) return;
    await person.go(draft);
    const { number } = await apply(person, {
      known: { company_name: '桂林演示科技有限公司' },
      seen: async (kind) => { if (kind === 'check') { await look('check'); assert.match(await person.text(), /第 2 项股东/); } },
    });
    assert.match(number, /^\d{22}[0-9A-Z]$/);
    await person.go('/my');
    await page.getByRole('link', { name: COMPANY }).first().click();
    await page.waitForLoadState();
    await look('case');
    const shown = await person.text();
    assert.ok(!shown.includes('演示甲'), 'names of shareholders are masked wherever they stand');
    assert.ok(!shown.includes(citizenNumber('45030219900307001')), 'and so are their numbers');
  });
}
