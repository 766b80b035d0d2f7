// A document of a case is taken as OFD and verified by somebody without an account and without scripts; officers look after seals.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Person, artefacts, start } from './program.mjs';

let world;
before(async () => {
  world = await start();
});
after(async () => world?.stop());

const FIRM = '91450300TT10000169';

test('a sealed document is taken, verified and found out when touched', async () => {
  const firm = await Person.at(world);
  await firm.signIn(FIRM);
  await firm.go('/my');
  const cases = await firm.page.locator('a[href^="/my/cases/"]:not([href$="/review"])').evaluateAll((links) => links.map((a) => a.getAttribute('href')));
  await firm.go(cases[0]);
  const ofd = await firm.page.locator('a[href$="/ofd"]').first().getAttribute('href');
  const answer = await firm.page.request.get(world.base + ofd);
  assert.equal(answer.headers()['content-type'], 'application/ofd');
  const file = join(artefacts, 'sealed.ofd');
  writeFileSync(file, await answer.body());
  for (const [width, script] of [[1280, true], [375, false]]) {
    const anybody = await Person.at(world, { width, script });
    await anybody.go('/verify');
    if (script) await anybody.look('verify');
    await anybody.page.setInputFiles('input[type=file]', file);
    await anybody.press('开始核验');
    await anybody.page.getByRole('heading', { name: '验章结果' }).waitFor();
    assert.match(await anybody.text(), /真实有效/);
    if (script) await anybody.look('verify-genuine');
  }
  const touched = join(artefacts, 'touched.ofd');
  writeFileSync(touched, Buffer.concat([await answer.body(), Buffer.from('x')]));
  const anybody = await Person.at(world, { width: 375 });
  await anybody.go('/verify');
  await anybody.page.setInputFiles('input[type=file]', touched);
  await anybody.press('开始核验');
  await anybody.page.getByRole('heading', { name: '验章结果' }).waitFor();
  assert.match(await anybody.text(), /文件被改动过/);
  await anybody.look('verify-changed');
});

test('seals at work', async () => {
  for (const width of [1280, 375]) {
    const authority = await Person.at(world, { width });
    await authority.signIn('sealer01');
    await authority.go('/work/seals');
    await authority.look('seals');
    await authority.page.locator('tbody a').first().click();
    await authority.page.waitForLoadState();
    await authority.look('seal');
    await authority.go('/work/seals/unsealed');
    await authority.look('seals-unsealed');
    const officer = await Person.at(world, { width });
    await officer.signIn('seal01');
    for (const [path, name] of [['/work/seals/new', 'seal-new'], ['/work/seals/mine', 'seals-mine']]) {
      await officer.go(path);
      await officer.look(name);
    }
    await officer.page.locator('tbody a').first().click();
    await officer.page.waitForLoadState();
    await officer.look('seal-use');
  }
});
