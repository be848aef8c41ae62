// Every page of every role at three widths, light, dark, printed, in English, at double size and without scripts, put together
// on contact sheets that a person can go through in a few minutes.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PAGES } from './pages.mjs';
import { out, startServer } from './server.mjs';
import { launchBrowser } from './visitor.mjs';

// What is changed for a way of looking: the screens, the context, what is emulated.
const WAYS = {
  light: { widths: [360, 768, 1280] },
  dark: { widths: [360, 1280], media: { colorScheme: 'dark' } },
  print: { widths: [631], media: { media: 'print' } },
  english: { widths: [360, 1280], english: true },
  zoom: { widths: [640], context: { deviceScaleFactor: 2 } },
  plain: { widths: [360], context: { javaScriptEnabled: false } },
};
const COLUMN = { 360: 300, 631: 420, 640: 420, 768: 420, 1280: 600 };
const SHEET = 1860;
const TALLEST = 1500;

const { values: { only, ways } } = parseArgs({ options: { only: { type: 'string' }, ways: { type: 'string', default: 'light' } } });
const folder = join(out, 'gallery');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

const server = await startServer('gallery');
const browser = await launchBrowser();
try {
  for (const way of ways.split(',')) {
    if (!WAYS[way]) throw new Error(`no way of looking is called ${way}: ${Object.keys(WAYS).join(', ')}`);
    for (const [role, paths] of Object.entries(PAGES)) {
      if (!only || only === role) await look(role, paths, way);
    }
  }
} finally {
  await browser.close();
  await server.stop();
}
console.log(`pictures and sheets: ${folder}`);

async function look(role, paths, way) {
  const { widths, context: special, media, english } = WAYS[way];
  const context = await browser.newContext({ baseURL: server.base, locale: 'vi-VN', timezoneId: 'Asia/Ho_Chi_Minh', ...special });
  const page = await context.newPage();
  if (server.people.has(role)) {
    const link = await server.link(role);
    await page.goto(link);
    if (page.url() === link) await page.getByRole('main').getByRole('button').first().click();
  } else {
    await page.goto('/');
  }
  if (english) {
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.getByRole('banner').getByRole('button', { name: 'English' }).first().click();
    await page.locator('html[lang=en]').waitFor();
  }
  if (media) await page.emulateMedia(media);
  for (const width of widths) {
    const pictures = [];
    await page.setViewportSize({ width, height: 800 });
    for (const path of paths) {
      await page.goto(path);
      const file = join(folder, `${way}-${role}-${width}-${path.replace(/[^a-z0-9]+/gi, '_')}.png`);
      await page.screenshot({ path: file, fullPage: true });
      pictures.push({ path, file });
    }
    await sheet(`${way}-${role}-${width}`, pictures, COLUMN[width] ?? 420);
  }
  if (english) await page.getByRole('banner').getByRole('button', { name: 'Tiếng Việt' }).first().click({ force: true }).catch(() => {});
  await context.close();
}

/** One picture with all of them side by side; very long pages are cut at the foot. */
async function sheet(name, pictures, column) {
  const figures = pictures.map(({ path, file }) => `<figure><figcaption>${path}</figcaption>
    <img src="data:image/png;base64,${readFileSync(file).toString('base64')}"></figure>`);
  const page = await browser.newPage({ viewport: { width: SHEET, height: 800 } });
  // With a doctype, or the columns are as high as the window and run on sideways.
  await page.setContent(`<!doctype html><style>body { margin: 8px; background: #888; font: 14px sans-serif; columns: ${column}px; column-gap: 8px }
    figure { margin: 0 0 8px; break-inside: avoid } img { width: 100%; max-height: ${TALLEST}px; object-fit: cover; object-position: top }
    figcaption { background: #ff0; padding: 2px 4px }</style>${figures.join('')}`);
  await page.screenshot({ path: join(folder, `sheet-${name}.png`), fullPage: true });
  await page.close();
}
