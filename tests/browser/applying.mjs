// What every applicant does: numbers that are valid but nobody's, files, answers, an application from first page to receipt.
import { Person } from './program.mjs';

/** The smallest thing that is a PDF. */
export const PDF = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n');
export const pdf = (name) => ({ name, mimeType: 'application/pdf', buffer: PDF });

/** Clicks what leads to another page, and waits until that page is there, loaded or put in place of this one (uploads). */
export async function click(person, target) {
  await person.page.evaluate(() => { document.documentElement.dataset.before = ''; });
  await target.click();
  await person.page.waitForFunction(() => !('before' in document.documentElement.dataset) && document.readyState === 'complete');
}

/** Follows a link of the page, also one that looks like a button. */
export async function follow(person, name) {
  await click(person, person.page.locator('main').getByRole('link', { name, exact: true }).first());
}

/** Presses a button of the page. */
export async function press(person, name) {
  await click(person, person.page.locator('main').getByRole('button', { name, exact: true }).first());
}

/** A synthetic citizen number with its check digit (GB 11643). */
export function citizenNumber(first17) {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  return first17 + '10X98765432'[weights.reduce((sum, w, i) => sum + w * Number(first17[i]), 0) % 11];
}

/** A synthetic credit code with its check character (GB 32100). */
export function creditCode(first17) {
  const letters = '0123456789ABCDEFGHJKLMNPQRTUWXY';
  const weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
  const sum = weights.reduce((total, w, i) => total + w * letters.indexOf(first17[i]), 0);
  return first17 + letters[(31 - (sum % 31)) % 31];
}

/** Answers whatever the page asks, the first choice everywhere; what is filled in already stays. */
export async function answerPage(page, known = {}) {
  // An answer may bring or take further questions: the fields are drawn again, so they are counted again after each.
  const groups = page.locator('main form fieldset');
  for (let n = 0; n < (await groups.count()); n += 1) {
    const boxes = groups.nth(n).locator('input[type=radio], input[type=checkbox]');
    if ((await boxes.count()) > 0 && (await groups.nth(n).locator('input:checked').count()) === 0) await boxes.first().check();
    await page.locator('[data-form-fields][aria-busy=true]').waitFor({ state: 'detached' });
  }
  for (const box of await page.locator('main form input[type=checkbox]').all()) if (!(await box.isChecked())) await box.check();
  for (const list of await page.locator('main form select').all()) if (!(await list.inputValue())) await list.selectOption({ index: 1 });
  for (const input of await page.locator('main form input[type=text], main form textarea').all()) {
    if ((await input.inputValue()) || !(await input.isVisible())) continue;
    const name = await input.getAttribute('name');
    const mode = await input.getAttribute('inputmode');
    const value = known[name] ?? (/_(month|day)$/.test(name) ? '1' : name.endsWith('_year') ? '2026'
      : mode === 'tel' ? '19900000088' : mode === 'decimal' || mode === 'numeric' ? '60'
      : /_id$|id_number/.test(name) ? citizenNumber('45030219900307001') : '演示内容');
    await input.fill(value);
  }
}

/**
 * Goes on with the application at this page until it is submitted; `seen` looks at the first page of every kind.
 * @returns {Promise<{number: string, code: string}>} case number and query code of the receipt
 */
export async function apply(person, { known = {}, seen = async () => {}, paper = false } = {}) {
  const { page } = person;
  for (let step = 0; step < 40; step += 1) {
    const address = new URL(page.url()).pathname;
    if (address.endsWith('/done')) {
      const said = await person.text();
      return { number: said.match(/\d{22}[0-9A-Z]/)[0], code: said.match(/查询码：\s*([0-9A-Z]{8})/)[1] };
    }
    if (/\/drafts\/[^/]+$/.test(address)) {
      await seen('overview');
      await follow(person, /^(继续填写|核对并提交)$/);
    } else if (address.endsWith('/situation')) {
      await seen('situation');
      await answerPage(page, known);
      await press(person, '保存并继续');
    } else if (address.includes('/questions/')) {
      await seen('questions');
      await answerPage(page, known);
      await press(person, '保存并继续');
    } else if (address.includes('/materials/')) {
      await seen('material');
      if (paper) {
        await press(person, '已当面收取纸质件');
      } else {
        if ((await page.locator('main .tag', { hasText: '已上传' }).count()) === 0 && (await page.locator('input[type=file]').count()) > 0) {
          await page.locator('input[type=file]').setInputFiles(pdf('演示材料.pdf'));
          await press(person, '上传');
          await seen('uploaded');
        }
        await follow(person, '继续');
      }
    } else if (address.endsWith('/check') || address.endsWith('/submit')) {
      await seen('check');
      await page.locator('input[name=promise]').check();
      await press(person, '提交申请');
    } else throw new Error(`lost at ${address}: ${await person.text()}`);
  }
  throw new Error(`not submitted: ${await person.text()}`);
}

/** Begins the application for an item and takes it to the receipt. */
export async function applyFor(person, itemPath, options) {
  await person.go(itemPath.replace('/items/', '/apply/'));
  return apply(person, options);
}

/** The address of the guide of an item, found as anyone finds it. */
export async function find(world, name) {
  const visitor = await Person.at(world);
  await visitor.go(`/search?q=${encodeURIComponent(name)}`);
  const path = await visitor.page.getByRole('link', { name }).first().getAttribute('href');
  await visitor.page.context().close();
  return path;
}
