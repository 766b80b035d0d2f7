// Serves a gallery under the program's content security policy and answers what its pages ask for; starts the browser.
// CHROMIUM names the browser (/usr/bin/chromium when not set).
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { chromium } from 'playwright-core';

const types = { '.html': 'text/html', '.css': 'text/css', '.js': 'text/javascript', '.svg': 'image/svg+xml' };
const policy =
  "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'";
const suggestions = [
  { label: '食品经营许可（新办）', href: '/guide.html', hint: '市场监管局' },
  { label: '开办餐饮店“一件事”', href: '/tasks.html', hint: '一件事' },
];

/** Serves the folder; `post(path)` says what a POST gets: the name of a page, or `{ location }`. */
export async function serve(root, post = () => 'question') {
  const server = createServer((request, answer) => {
    const path = normalize(new URL(request.url, 'http://gallery').pathname);
    answer.setHeader('content-security-policy', policy);
    if (request.method === 'POST') {
      request.resume().on('end', () => setTimeout(() => {
        const next = post(path);
        if (next.location) return answer.writeHead(303, next).end();
        answer.setHeader('content-type', 'text/html; charset=utf-8');
        answer.end(readFileSync(join(root, `${next}.html`), 'utf8').replaceAll('"assets/', '"/assets/'));
      }, 300));
    } else if (path === '/search/suggest') {
      answer.setHeader('content-type', 'application/json');
      answer.end(JSON.stringify(suggestions));
    } else if (existsSync(join(root, path))) {
      answer.setHeader('content-type', `${types[extname(path)] ?? 'application/octet-stream'}; charset=utf-8`);
      answer.end(readFileSync(join(root, path)));
    } else answer.writeHead(404).end();
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return { base: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
