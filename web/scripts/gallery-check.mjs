// Looks at the gallery with a browser: `npm run audit:gallery -- OUTDIR [SHOTS] [name …]`.
// Serves OUTDIR under the content security policy of the program, runs axe-core on every page at phone and desktop
// width, fails on serious findings, on anything the policy blocks, on script errors and on pages wider than the screen,
// and keeps screenshots in SHOTS. CHROMIUM names the browser (/usr/bin/chromium when not set).
import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { launch, serve } from './gallery-server.mjs';

const [root, shots, ...only] = process.argv.slice(2);
if (!root) {
  console.error('usage: gallery-check OUTDIR [SHOTS] [name …]');
  process.exit(2);
}
const { base, close } = await serve(root);

const axe = readFileSync('node_modules/axe-core/axe.min.js', 'utf8');
const browser = await launch();
if (shots) mkdirSync(shots, { recursive: true });
let failures = 0;
const fail = (text) => {
  failures += 1;
  console.error(text);
};

const pages = readdirSync(root).filter((name) => name.endsWith('.html')).map((name) => name.slice(0, -5));
for (const width of [375, 1280]) {
  const context = await browser.newContext({ viewport: { width, height: width < 600 ? 812 : 900 } });
  for (const name of pages.filter((name) => !only.length || only.includes(name))) {
    const page = await context.newPage();
    page.on('console', (message) => message.type() === 'error' && fail(`${name} ${width}: ${message.text()}`));
    page.on('pageerror', (error) => fail(`${name} ${width}: ${error.message}`));
    await page.goto(`${base}/${name}.html`, { waitUntil: 'load' });
    if (shots) await page.screenshot({ path: join(shots, `${name}-${width}.png`), fullPage: true });
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (wider > 0) fail(`${name} ${width}: ${wider} px wider than the screen`);
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
    for (const { id, impact, nodes } of violations) {
      const line = `${name} ${width}: ${impact} ${id}: ${nodes.slice(0, 3).map((node) => node.target.join(' ')).join(' | ')}`;
      if (impact === 'serious' || impact === 'critical') fail(`${line}\n   ${nodes[0].failureSummary.split('\n').slice(1, 2)}`);
      else console.log(line);
    }
    await page.close();
  }
  await context.close();
}
await browser.close();
close();
console.log(failures ? `${failures} findings` : 'nothing found');
process.exit(failures ? 1 : 0);
