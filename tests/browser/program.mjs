// Starts the built program with the Guilin demonstration in a folder of its own, and a Chromium; watches every page.
import { spawn } from 'node:child_process';
import { mkdtempSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRequire } from 'node:module';
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
export const artefacts = join(root, 'tests', 'artefacts');
export const PASSWORD = 'Guilin@2026';

function freePort() {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** `settings` are variables of the environment, e.g. `{ TONGBAN_STAFF_SECOND_FACTOR: 'deciders' }`. */
export async function start(settings = {}) {
  mkdirSync(artefacts, { recursive: true });
  const target = process.env.CARGO_TARGET_DIR ?? join(root, 'target');
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'tongban-browser-'));
  const server = spawn(join(target, 'debug', 'tongban'), ['--data-dir', folder, 'serve', '--demo', '--listen', `127.0.0.1:${port}`], {
    cwd: folder,
    env: { ...process.env, TONGBAN_LOG: 'error', TONGBAN_METRICS_LISTEN: '', ...settings },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const base = `http://127.0.0.1:${port}`;
  for (let tries = 0; ; tries += 1) {
    if (tries > 1500 || server.exitCode !== null) throw new Error('the program did not start');
    const ready = await fetch(`${base}/readyz`).then((r) => r.ok, () => false);
    if (ready) break;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  const stop = async () => {
    await browser.close();
    server.kill('SIGTERM');
    await new Promise((resolve) => server.once('exit', resolve));
    rmSync(folder, { recursive: true, force: true });
  };
  return { base, browser, stop };
}

/** A person at a browser. Script errors and blocked content fail the test that caused them. */
export class Person {
  constructor(world, page, width) {
    Object.assign(this, { world, page, width, complaints: [] });
    page.on('pageerror', (error) => this.complaints.push(`script: ${error.message}`));
    page.on('console', (message) => {
      const text = message.text();
      if (message.type() === 'error' && !text.includes('Failed to load resource')) this.complaints.push(`console: ${text}`);
    });
  }

  static async at(world, { width = 1280, script = true } = {}) {
    const context = await world.browser.newContext({ viewport: { width, height: 860 }, locale: 'zh-CN', javaScriptEnabled: script });
    return new Person(world, await context.newPage(), width);
  }

  async go(path) {
    const response = await this.page.goto(this.world.base + path);
    assert.ok(response.status() < 400, `${path}: ${response.status()}`);
  }

  /** Looks at the page as it is: accessibility, sideways scroll, complaints; keeps a picture. */
  async look(name) {
    await this.page.screenshot({ path: join(artefacts, `${name}-${this.width}.png`), fullPage: true });
    await this.page.evaluate(axe);
    const found = await this.page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
    const bad = found.violations.filter((v) => v.impact === 'serious' || v.impact === 'critical');
    assert.deepEqual(bad.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(' | ')}`), [], `axe on ${name}`);
    const sideways = await this.page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth + 1);
    assert.equal(sideways, false, `${name} scrolls sideways at ${this.width}`);
    assert.deepEqual(this.complaints, [], name);
  }

  async press(label) {
    await this.page.getByRole('button', { name: label, exact: true }).first().click();
    await this.page.waitForLoadState();
  }

  async signIn(login, password = PASSWORD) {
    await this.go('/login');
    await this.page.fill('#login', login);
    await this.page.fill('#password', password);
    await this.page.click('form[action="/login"] button[type=submit]');
    await this.page.waitForLoadState();
    assert.ok(!this.page.url().includes('/login'), `${login} is signed in`);
  }

  text() {
    return this.page.locator('main').innerText();
  }
}
