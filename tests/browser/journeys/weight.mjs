// What a page weighs for somebody with a cheap phone and a poor network: the bytes that come over the line, whether what is read
// jumps while the page arrives, and when there is something to read.
import assert from 'node:assert/strict';
import { SQLITE, journey } from '../lib/journey.mjs';

const run = 'MH-KT-01-01';
const KB = 1000;
const STYLES_AND_SCRIPTS = 60 * KB;
const PAGE = 40 * KB;
const FIRST_PAINT = 1000;
/** 1.6 Mbit/s down, 750 kbit/s up, 150 ms there and back. */
const SLOW = { offline: false, latency: 150, downloadThroughput: 1_600_000 / 8, uploadThroughput: 750_000 / 8 };

journey('weight', async ({ server, arrive }) => {
  const learner = await arrive('learner');
  await learner.signIn(await server.link('learner'));
  await learner.page.goto(`/lop/${run}/hoc`);
  const lesson = new URL(learner.page.url()).pathname;
  for (const path of ['/', `/lop/${run}`, lesson]) {
    // Somebody else's work on this machine makes a page late, never early: one visit of three that is in time is the page's own.
    const visits = [];
    do visits.push(await visit(learner.context, path)); while (visits.length < 3 && visits.at(-1).paint > FIRST_PAINT);
    const { page, others, kinds, requests } = visits[0];
    const paint = Math.min(...visits.map((one) => one.paint));
    const shift = Math.max(...visits.map((one) => one.shift));
    console.log(`${path}: ${requests} requests, page ${kilo(page)} kB, styles and scripts ${kilo(others)} kB (${kinds}), first paint ${Math.round(paint)} ms, layout shift ${shift}`);
    assert.ok(page <= PAGE, `${path}: the page comes in ${page} bytes`);
    assert.ok(others <= STYLES_AND_SCRIPTS, `${path}: styles and scripts come in ${others} bytes`);
    assert.equal(shift, 0, `${path}: what is read jumps`);
    assert.ok(paint <= FIRST_PAINT, `${path}: nothing to read for ${paint} ms`);
  }
}, { on: [SQLITE] });

const kilo = (bytes) => (bytes / KB).toFixed(1);

/** One visit with nothing kept from before, over the slow line. */
async function visit(context, path) {
  const page = await context.newPage();
  const line = await context.newCDPSession(page);
  await line.send('Network.enable');
  await line.send('Network.setCacheDisabled', { cacheDisabled: true });
  await line.send('Network.emulateNetworkConditions', SLOW);
  const kinds = new Map();
  const sizes = new Map();
  line.on('Network.responseReceived', ({ requestId, type }) => kinds.set(requestId, type));
  line.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => sizes.set(requestId, encodedDataLength));
  await page.addInitScript(() => {
    window.shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) window.shift += entry.value;
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await page.goto(path, { waitUntil: 'networkidle' });
  const seen = await page.evaluate(() => ({
    paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
    shift: window.shift,
  }));
  await page.close();
  assert.ok(seen.paint > 0, `${path}: the browser did not say when it painted`);
  const of = (type) => [...sizes].filter(([id]) => kinds.get(id) === type).reduce((sum, [, size]) => sum + size, 0);
  const [styles, scripts] = [of('Stylesheet'), of('Script')];
  return { ...seen, page: of('Document'), others: styles + scripts, kinds: `${kilo(styles)} + ${kilo(scripts)}`, requests: sizes.size };
}
