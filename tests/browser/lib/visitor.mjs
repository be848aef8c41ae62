// A person in front of a browser: one context of Chromium, what it shows, and what goes wrong in it.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { database, out } from './server.mjs';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
// Nothing but the media has to be fetched beforehand: the one rule that asks for the stylesheets is not among these.
const AXE = { runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }, preload: { assets: ['media'] } };
const CONTRAST = { runOnly: { type: 'rule', values: ['color-contrast'] } };
const BUT_CONTRAST = { ...AXE, rules: { 'color-contrast': { enabled: false } } };
// What a page is made of does not depend on where its rows come from: axe looks at it once.
const looksClosely = database === 'sqlite';

/** Debian's browser without its window, and without anything that calls home. Its profile is a new folder each time. */
export async function launchBrowser() {
  const executablePath = process.env.NONGCOT_CHROMIUM ?? '/usr/bin/chromium-headless-shell';
  if (!existsSync(executablePath)) throw new Error(`no Chromium at ${executablePath}: apt-get install chromium-headless-shell`);
  const args = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage'];
  if (process.getuid?.() === 0) args.push('--no-sandbox');
  return chromium.launch({ executablePath, args });
}

export class Visitor {
  #faults = [];
  #expected = [];
  #pictures = 0;

  /** A new person: own cookies, the given screen, Vietnamese, the time of Viet Nam. */
  static async arrive(browser, { base, viewport, label }) {
    const context = await browser.newContext({
      viewport,
      baseURL: base,
      locale: 'vi-VN',
      timezoneId: 'Asia/Ho_Chi_Minh',
      hasTouch: viewport.width < 600,
      colorScheme: 'light',
    });
    // There before the page is, by way of the debugger: the page's content security policy stays as it is, and the browser
    // reads these 500 KB once rather than for every page.
    if (looksClosely) await context.addInitScript({ content: axeSource });
    const visitor = new Visitor();
    Object.assign(visitor, { context, label, narrow: viewport.width < 600, page: await context.newPage() });
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

  /** The same page on another screen. */
  async resize(viewport) {
    await this.page.setViewportSize(viewport);
    this.narrow = viewport.width < 600;
  }

  /** What every page owes: nothing for axe to find in light and dark, no sideways scroll, texts in place of their keys; with TEST_PICTURES=1 a picture to look at. */
  async check(name) {
    // Whoever follows a link arrives before the page does: a page on its way has nothing to measure yet.
    await this.page.waitForLoadState('domcontentloaded');
    if (process.env.TEST_PICTURES) await this.picture(name);
    const { wide, keys, language } = await this.page.evaluate(() => {
      const { scrollWidth, clientWidth, lang } = document.documentElement;
      const keys = [...document.body.querySelectorAll('*:not(code, pre, script, option, .pairs *)')]
        .filter((element) => element.children.length === 0 && /^[a-z]+(-[a-z]+)+$/.test(element.textContent.trim()))
        .map((element) => element.textContent.trim());
      return { wide: scrollWidth - clientWidth, keys, language: lang };
    });
    if (wide > 0) throw new Error(`${this.label}, ${name}: the page is ${wide} px too wide`);
    if (keys.length > 0) throw new Error(`${this.label}, ${name}: keys instead of texts: ${keys.join(', ')}`);
    if (!looksClosely) return;
    // The colours are the same in every language; English may still break lines otherwise and name things otherwise.
    await this.#axe(name, language === 'vi' ? AXE : BUT_CONTRAST);
    // And dark they are the same on every screen.
    if (!this.narrow || language !== 'vi') return;
    await this.page.emulateMedia({ colorScheme: 'dark' });
    await this.#axe(`${name}, dark`, CONTRAST);
    await this.page.emulateMedia({ colorScheme: 'light' });
  }

  async #axe(name, options) {
    const violations = await this.page.evaluate(async (options) => {
      // A colour on its way to another one is neither.
      await Promise.race([
        Promise.allSettled(document.getAnimations().map((animation) => animation.finished)),
        // One that nobody sees may be held up for ever.
        new Promise((resolve) => { setTimeout(resolve, 1000); }),
      ]);
      const result = await window.axe.run(document, { ...options, resultTypes: ['violations'] });
      return result.violations.map((v) => ({ id: v.id, help: v.help, nodes: v.nodes.map((n) => `${n.target.join(' ')}: ${n.failureSummary}`) }));
    }, options);
    if (violations.length === 0) return;
    const told = violations.map((v) => `${v.id}: ${v.help}\n    ${v.nodes.join('\n    ')}`).join('\n  ');
    throw new Error(`${this.label}, ${name} (${this.page.url()}): axe found\n  ${told}`);
  }

  async picture(name) {
    const folder = join(out, database);
    mkdirSync(folder, { recursive: true });
    this.#pictures += 1;
    const number = String(this.#pictures).padStart(2, '0');
    await this.page.screenshot({ path: join(folder, `${this.label}-${number}-${name.replace(/[^\p{L}\d]+/gu, '-')}.png`), fullPage: true });
  }

  leave() {
    return this.context.close();
  }
}
