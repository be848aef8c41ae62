// A person in front of a browser: one context of Chromium, what it shows, and what goes wrong in it.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { SQLITE, out } from './server.mjs';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
// Nothing but the media has to be fetched beforehand: the one rule that asks for the stylesheets is not among these.
const ALL = { runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }, preload: { assets: ['media'] } };
const COLOURS = ['color-contrast'];
// A screen between those that are looked at closely.
const BETWEEN = 768;
// A4 without its margins, in the units of a stylesheet.
const UPRIGHT = 631;
const LYING = 1009;
// What another screen, or longer words, can change about elements that were looked at already.
const LAYOUT = ['target-size', 'scrollable-region-focusable'];

/** Debian's browser without its window, and without anything that calls home. Its profile is a new folder each time. */
export async function launchBrowser() {
  const executablePath = process.env.NONGCOT_CHROMIUM ?? '/usr/bin/chromium-headless-shell';
  if (!existsSync(executablePath)) throw new Error(`no Chromium at ${executablePath}: apt-get install chromium-headless-shell`);
  const args = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage',
    // What draws a page and what shows it in one process, which saves a tenth of the work: nothing has a graphics card here.
    '--in-process-gpu',
    // A page lives for a second here: what the optimising compilers would gain is never earned back (a third of the time of axe).
    '--js-flags=--no-opt --no-maglev'];
  if (process.getuid?.() === 0) args.push('--no-sandbox');
  return chromium.launch({ executablePath, args });
}

/** The kinds of text whose colours were looked at in this run. */
const seenInTheDark = new Set();
const seenOnADesk = new Set();

export class Visitor {
  #faults = [];
  #expected = [];
  #pictures = 0;

  /** A new person: own cookies, the given screen, Vietnamese, the time of Viet Nam. */
  static async arrive(browser, { base, database, viewport, label, everywhere }) {
    const context = await browser.newContext({
      viewport,
      baseURL: base,
      locale: 'vi-VN',
      timezoneId: 'Asia/Ho_Chi_Minh',
      hasTouch: viewport.width < 600,
      colorScheme: 'light',
      // Nothing to wait for until a colour is the one it will be.
      reducedMotion: 'reduce',
    });
    // Somebody who looks closely at every page has axe brought along, which the browser then reads once rather than for each of them.
    if (everywhere) await context.addInitScript({ content: axeSource });
    const visitor = new Visitor();
    // What a page is made of does not depend on where its rows come from: axe looks at it once.
    Object.assign(visitor, { context, label, database, narrow: viewport.width < 600, looksClosely: database === SQLITE, page: await context.newPage() });
    visitor.page.setDefaultTimeout(15_000);
    visitor.#watch(visitor.page);
    context.on('page', (page) => visitor.#watch(page));
    return visitor;
  }

  #watch(page) {
    page.on('console', (message) => {
      if (message.type() === 'error') this.#faults.push(`console: ${message.text()} (${message.location().url})`);
    });
    page.on('pageerror', (error) => this.#faults.push(`script: ${error.message}`));
    page.on('requestfailed', (request) => {
      const why = request.failure()?.errorText ?? '';
      // Leaving a page ends what it was still loading; that is no fault.
      if (why !== 'net::ERR_ABORTED') this.#faults.push(`request: ${request.method()} ${request.url()} ${why}`);
    });
    page.on('response', (response) => {
      if (response.status() >= 400) this.#faults.push(`answer: ${response.status()} ${response.url()}`);
    });
  }

  /** Something that would be a fault elsewhere belongs to this journey: a 404 it asks for on purpose. */
  expect(pattern) {
    this.#expected.push(pattern);
  }

  assertNoFaults() {
    const unexpected = this.#faults.filter((fault) => !this.#expected.some((pattern) => pattern.test(fault)));
    if (unexpected.length > 0) throw new Error(`${this.label}: the browser reported\n  ${unexpected.join('\n  ')}`);
  }

  /** Opens a one-time link. Opening it changes nothing: its page sends itself on, or its one button does. */
  async signIn(link) {
    await this.page.goto(link);
    const elsewhere = (url) => url.href !== link;
    const button = this.page.getByRole('main').getByRole('button').first();
    const moved = this.page.waitForURL(elsewhere, { timeout: 3_000 }).then(() => true, () => false);
    if (!(await moved)) await button.click();
    await this.page.waitForURL(elsewhere);
    await this.signOutButton().first().waitFor({ state: 'attached' });
  }

  signOutButton() {
    return this.page.getByRole('banner').getByText(/^(Đăng xuất|Sign out)$/);
  }

  /** The links of the header: in sight on a wide screen, behind the menu on a narrow one. */
  async openMenu() {
    const menu = this.page.getByRole('banner').locator('details.menu');
    if ((await menu.locator('summary').isVisible()) && !(await menu.evaluate((element) => element.open))) {
      await menu.locator('summary').click();
    }
  }

  /** A button of the header by its name, whichever of its two places is in sight. */
  async pressInHeader(name) {
    await this.openMenu();
    await this.page.getByRole('banner').getByRole('button', { name }).click();
    await this.page.waitForLoadState();
  }

  /**
   * What every page owes: nothing for axe to find in light and dark, no sideways scroll, texts in place of their keys; with TEST_PICTURES=1 a
   * picture to look at.
   */
  async check(name) {
    await this.#fits(name);
    if (!this.looksClosely) return;
    await this.#axe(name, ALL);
    // Dark, the colours are the same on every screen.
    if (!this.narrow) return;
    await this.page.emulateMedia({ colorScheme: 'dark' });
    await this.#newColours(`${name}, dark`, seenInTheDark);
    await this.page.emulateMedia({ colorScheme: 'light' });
  }

  /**
   * The same page spread out on a desk screen, where it stands. What was seen before has the same names and roles there, so it is looked at again by
   * the rules that a layout can break; what is in sight only now (heads of tables, the main menu) by all of them. On the way there
   * and back: whether a table, which wants most room, has it between the two and on paper.
   */
  async checkSpreadOut(name, viewport) {
    const tabled = await this.page.evaluate(() => {
      window.seenBefore = new Set([...document.querySelectorAll('*')].filter((element) => element.checkVisibility({ visibilityProperty: true })));
      return document.querySelector('.table') !== null;
    });
    const before = this.page.viewportSize();
    if (tabled) await this.#fitsBetween(name, before);
    await this.page.setViewportSize(viewport);
    await this.#fits(name);
    await this.#menuInOneRow(name);
    if (this.looksClosely) {
      await this.#axe(name, { runOnly: { type: 'rule', values: LAYOUT } });
      await this.#newColours(name, seenOnADesk);
      const fresh = await this.page.evaluate(() => {
        const fresh = [...document.body.querySelectorAll('*')]
          .filter((element) => !window.seenBefore.has(element) && element.checkVisibility({ visibilityProperty: true }));
        window.toLookAt = fresh.filter((element) => !fresh.includes(element.parentElement));
        return window.toLookAt.length;
      });
      if (fresh > 0) await this.#axe(name, { ...ALL, rules: Object.fromEntries([...LAYOUT, ...COLOURS].map((rule) => [rule, { enabled: false }])) }, true);
    }
    if (tabled) await this.#fitsOnPaper(name, before);
    await this.page.setViewportSize(before);
  }

  /** The menu on a desk, of which English has the longer words, stands in one row whatever page is marked in it. */
  async checkMenu(name, viewport) {
    const before = this.page.viewportSize();
    await this.page.setViewportSize(viewport);
    await this.#menuInOneRow(name);
    await this.page.setViewportSize(before);
  }

  async #menuInOneRow(name) {
    const rows = await this.page.locator('.header-nav .nav > ul').evaluateAll(
      (menus) => menus.map((menu) => new Set([...menu.querySelectorAll('a')].map((link) => Math.round(link.getBoundingClientRect().bottom))).size));
    if (rows.some((count) => count > 1)) throw new Error(`${name}: the menu stands in more than one row`);
  }

  /** Nothing sticks out on a screen between a phone and a desk. */
  async #fitsBetween(name, { height }) {
    await this.page.setViewportSize({ width: BETWEEN, height });
    await this.#holds(`${name}, on a screen of ${BETWEEN} px`);
  }

  /** Nor from the sheet of paper, upright or lying as the page asks for. */
  async #fitsOnPaper(name, { height }) {
    await this.page.emulateMedia({ media: 'print' });
    const lying = await this.page.evaluate(() => getComputedStyle(document.body).page === 'lying');
    await this.page.setViewportSize({ width: lying ? LYING : UPRIGHT, height });
    await this.#holds(`${name}, on paper`);
    await this.page.emulateMedia({ media: 'screen' });
  }

  async #holds(name) {
    const wide = await this.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (wide > 0) throw new Error(`${this.label}, ${name}: the page is ${wide} px too wide`);
  }

  /** The same page in another language: other names for things and other lengths of words, the same colours and the same parts. */
  async checkWords(name) {
    await this.#fits(name);
    if (this.looksClosely) await this.#axe(name, await this.#rulesAboutWords());
  }

  async #fits(name) {
    // Whoever follows a link arrives before the page does: a page on its way has nothing to measure yet.
    await this.page.waitForLoadState('domcontentloaded');
    if (process.env.TEST_PICTURES) await this.picture(name);
    const { wide, keys } = await this.page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      const keys = [...document.body.querySelectorAll('*:not(code, pre, script, option, .pairs *)')]
        .filter((element) => element.children.length === 0 && /^[a-z]+(-[a-z]+)+$/.test(element.textContent.trim()))
        .map((element) => element.textContent.trim());
      return { wide: scrollWidth - clientWidth, keys };
    });
    if (wide > 0) throw new Error(`${this.label}, ${name}: the page is ${wide} px too wide`);
    if (keys.length > 0) throw new Error(`${this.label}, ${name}: keys instead of texts: ${keys.join(', ')}`);
  }

  /**
   * The colours of a page that was looked at on a phone by day, as they are now. They come from one stylesheet, so a text of some kind on some
   * ground looks the same wherever it stands: the first of a kind is looked at, whichever journey meets it.
   */
  async #newColours(name, seen) {
    const kinds = await this.page.evaluate(() => {
      const kinds = new Map();
      const called = (element) => `${element.tagName}.${element.className}`;
      for (const element of document.body.querySelectorAll('*')) {
        const says = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
        if (!(says || element.matches('input, select, textarea')) || !element.checkVisibility({ visibilityProperty: true })) continue;
        const { color, fontSize, fontWeight } = getComputedStyle(element);
        const kind = [called(element), called(element.parentElement), element.matches(':disabled'), color, fontSize, fontWeight];
        for (let ground = element; ground; ground = ground.parentElement) {
          const { backgroundColor, backgroundImage, opacity } = getComputedStyle(ground);
          kind.push(backgroundColor, backgroundImage, opacity);
        }
        if (!kinds.has(kind.join())) kinds.set(kind.join(), element);
      }
      window.kinds = [...kinds.values()];
      return [...kinds.keys()];
    });
    const fresh = [...kinds.keys()].filter((place) => !seen.has(kinds[place]));
    if (fresh.length === 0) return;
    await this.page.evaluate((places) => { window.toLookAt = places.map((place) => window.kinds[place]); }, fresh);
    await this.#axe(name, { runOnly: { type: 'rule', values: COLOURS } }, true);
    for (const place of fresh) seen.add(kinds[place]);
  }

  /** The rules that a translation can break: names, texts in place of pictures, the language itself; and what longer words do to the room. */
  async #rulesAboutWords() {
    await this.#bringAxe();
    const values = await this.page.evaluate((tags) => window.axe.getRules(tags)
      .filter((rule) => ['cat.name-role-value', 'cat.text-alternatives', 'cat.language', 'cat.forms'].some((kind) => rule.tags.includes(kind)))
      .filter((rule) => !rule.tags.includes('experimental'))
      .map((rule) => rule.ruleId), ALL.runOnly.values);
    return { ...ALL, runOnly: { type: 'rule', values: [...values, ...LAYOUT] } };
  }

  /** By way of the debugger: the page's content security policy stays as it is. Only where axe is asked, since these are 500 KB. */
  async #bringAxe() {
    if (!(await this.page.evaluate(() => 'axe' in window))) await this.page.evaluate(axeSource);
  }

  /** Fails by what axe finds in the whole page, or in what stands in `window.toLookAt`. */
  async #axe(name, options, onlySome = false) {
    await this.#bringAxe();
    const violations = await this.page.evaluate(async ({ options, onlySome }) => {
      const result = await window.axe.run(onlySome ? { include: window.toLookAt } : document, { ...options, resultTypes: ['violations'] });
      return result.violations.map((v) => ({ id: v.id, help: v.help, nodes: v.nodes.map((n) => `${n.target.join(' ')}: ${n.failureSummary}`) }));
    }, { options, onlySome });
    if (violations.length === 0) return;
    const told = violations.map((v) => `${v.id}: ${v.help}\n    ${v.nodes.join('\n    ')}`).join('\n  ');
    throw new Error(`${this.label}, ${name} (${this.page.url()}): axe found\n  ${told}`);
  }

  async picture(name) {
    const folder = join(out, this.database);
    mkdirSync(folder, { recursive: true });
    this.#pictures += 1;
    const number = String(this.#pictures).padStart(2, '0');
    await this.page.screenshot({ path: join(folder, `${this.label}-${number}-${name.replace(/[^\p{L}\d]+/gu, '-')}.png`), fullPage: true });
  }

  leave() {
    return this.context.close();
  }
}
