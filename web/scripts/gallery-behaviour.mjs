// Uses the gallery as people do: `npm run audit:behaviour -- OUTDIR`. Says what works, fails when something does not.
import { launch, serve } from './gallery-server.mjs';

const root = process.argv[2];
if (!root) {
  console.error('usage: gallery-behaviour OUTDIR');
  process.exit(2);
}
let posts = [];
const { base, close } = await serve(root, (path) => {
  posts.push(path);
  return path.endsWith('/materials') && posts.length === 1 ? { location: '/progress.html' } : 'question';
});
const browser = await launch();
const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, permissions: ['clipboard-read', 'clipboard-write'] });
const page = await context.newPage();
let failures = 0;
const check = (what, holds) => {
  if (!holds) failures += 1;
  console.log(holds ? 'ok  ' : 'FAIL', what);
};
page.on('pageerror', (error) => check(error.message, false));
const open = (name) => page.goto(`${base}/${name}.html`);
const seen = (script) => page.evaluate(script);

await open('home');
await page.type('#search', '食品', { delay: 30 });
await page.waitForSelector('.search__list li');
await page.keyboard.press('ArrowDown');
check('the arrow chooses a suggestion', (await page.getAttribute('#search', 'aria-activedescendant')) === 'search-list-0');
await page.keyboard.press('Enter');
await page.waitForURL('**/guide.html');
check('Enter opens the suggestion', true);

await open('work-list');
await page.keyboard.press('j');
await page.keyboard.press('j');
check('j moves down the list', (await seen(() => [...document.querySelectorAll('tbody tr')].findIndex((row) => row.hasAttribute('data-current')))) === 1);
await page.keyboard.press('k');
check('the focus moves with it', await seen(() => document.activeElement === document.querySelector('tbody tr a')));
await page.keyboard.press('?');
check('? opens the help', await seen(() => document.querySelector('details.keyboard').open));
await page.keyboard.press('/');
check('/ leads to the search box', (await seen(() => document.activeElement.name)) === 'q');

await open('work-case');
await page.click('.menu summary');
await page.keyboard.press('Escape');
check('Escape closes a menu', !(await seen(() => document.querySelector('.menu').open)));
await page.click('text=操作记录');
check('a tab shows its panel', await page.isVisible('#journal table'));

await open('done');
await page.click('[data-copy]');
await page.waitForTimeout(200);
check('the case number is copied', (await seen(() => navigator.clipboard.readText())) === '4503-2026-001204');

await open('question');
check('a further question is hidden', !(await page.isVisible('#address')));
await page.click('label:has-text("邮寄到家")');
check('and shown once its answer is chosen', await page.isVisible('#address'));
let warned = false;
page.once('dialog', (dialog) => {
  warned = true;
  return dialog.accept();
});
await page.fill('#phone', '138');
await open('home');
check('leaving with changes warns', warned);

await open('check');
posts = [];
await seen(() => {
  const button = document.querySelector('form button.button--primary');
  window.addEventListener('pagehide', () => localStorage.setItem('words', button.textContent));
  button.click();
  setTimeout(() => button.click(), 50);
});
await page.waitForTimeout(1200);
check('a form sent twice is posted once', posts.length === 1);
check('and says so', (await seen(() => localStorage.getItem('words'))) === '正在提交…');

const send = () => seen(() => document.querySelector('form[data-upload-form] button.button--primary').click());
const file = (size) => ({ name: 'plan.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(size) });
await open('upload');
await page.setInputFiles('#layout', file(21 * 1024 * 1024));
check('a file too large is refused at once', (await page.textContent('[data-upload-chosen]')).includes('超过了 20.0 MB') && !(await page.inputValue('#layout')));
posts = [];
await page.setInputFiles('#layout', file(3_000_000));
check('a chosen file is named', (await page.textContent('[data-upload-chosen]')).includes('plan.pdf（2.9 MB）'));
await send();
await page.waitForSelector('.upload-progress progress');
await page.waitForURL('**/progress.html');
check('an upload shows progress and goes where the server leads', true);
await open('upload');
await page.setInputFiles('#layout', file(3000));
await send();
await page.waitForSelector('.govuk-error-summary');
await page.click('label:has-text("邮寄到家")');
check('an upload with errors shows them in place, working', await page.isVisible('#address'));

await page.setViewportSize({ width: 375, height: 812 });
await open('work-list');
check('the side navigation is folded on a phone', !(await page.isVisible('.side-nav__item')));
await open('home-elder');
const small = await seen(() =>
  [...document.querySelectorAll('a, button, input, summary')]
    .filter((part) => part.offsetParent && !part.matches('.govuk-skip-link') && part.getBoundingClientRect().height < 59)
    .map((part) => part.textContent.trim()),
);
check(`elder mode has no target below 60 px ${small.join(' ')}`, small.length === 0);

const plain = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
await plain.goto(`${base}/question.html`);
check('without scripts every question shows', await plain.isVisible('#address'));
const zoomed = await (await browser.newContext({ viewport: { width: 640, height: 450 }, deviceScaleFactor: 2 })).newPage();
for (const name of ['home', 'guide', 'work-list', 'work-case']) {
  await zoomed.goto(`${base}/${name}.html`);
  check(`${name} fits at 200 %`, await zoomed.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
}

await browser.close();
close();
process.exit(failures ? 1 : 0);
