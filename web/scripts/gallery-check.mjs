// Looks at the gallery with a browser: `npm run audit:gallery -- OUTDIR [SHOTS] [name …]`.
// Serves OUTDIR under the content security policy of the program, runs axe-core on every page at phone and desktop
// width, fails on serious findings, on anything the policy blocks, on script errors and on pages wider than the screen,
// and keeps screenshots in SHOTS. CHROMIUM names the browser (/usr/bin/chromium when not set).
import { createServer } from 'node:http';
import { mkdirSync, readFileSync, readdirSync, existsSync } from 'node:fs';
import { extname, join, normalize } from 'node:path';
import { chromium } from 'playwright-core';

const [root, shots, ...only] = process.argv.slice(2);
if (!root) {
  console.error('usage: gallery-check OUTDIR [SHOTS] [name …]');
  process.exit(2);
}
const types = { '.html': 'text/html', '.css': 'text/css', '.js': 'text/javascript', '.svg': 'image/svg+xml' };
const policy = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'";
const server = createServer((request, answer) => {
  const path = normalize(new URL(request.url, 'http://gallery').pathname);
  if (path === '/search/suggest') {
    answer.setHeader('content-type', 'application/json');
    return answer.end(JSON.stringify([
      { label: '食品经营许可（新办）', href: '/guide.html', hint: '市场监管局' },
      { label: '食品经营许可（变更）', href: '/guide.html', hint: '市场监管局' },
      { label: '开办餐饮店“一件事”', href: '/guide.html', hint: '一件事' },
    ]));
  }
  const file = join(root, path);
  if (!existsSync(file)) return answer.writeHead(404).end();
  answer.setHeader('content-type', `${types[extname(file)] ?? 'application/octet-stream'}; charset=utf-8`);
  answer.setHeader('content-security-policy', policy);
  answer.end(readFileSync(file));
});
await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
const base = `http://127.0.0.1:${server.address().port}`;

const axe = readFileSync('node_modules/axe-core/axe.min.js', 'utf8');
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
if (shots) mkdirSync(shots, { recursive: true });
let failures = 0;
const fail = (text) => {
  failures += 1;
  console.error(text);
};

const pages = readdirSync(root).filter((name) => name.endsWith('.html')).map((name) => name.slice(0, -5));
for (const width of [375, 1280]) {
  const context = await browser.newContext({ viewport: { width, height: width < 600 ? 812 : 900 }, bypassCSP: false });
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
server.close();
console.log(failures ? `${failures} findings` : 'nothing found');
process.exit(failures ? 1 : 0);
