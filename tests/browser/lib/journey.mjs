// A journey: the same walk on a phone and on a desk screen. The walks of a file share a browser, never a person in it.
import { after, before, describe, test } from 'node:test';
import { database, startServer } from './server.mjs';
import { Visitor, launchBrowser } from './visitor.mjs';

export const SCREENS = [{ width: 360, height: 740 }, { width: 1280, height: 800 }];
// TEST_SCREENS takes some of them ("360"), so that the same walk on two screens may go side by side.
const wanted = process.env.TEST_SCREENS?.split(' ').map(Number) ?? SCREENS.map(({ width }) => width);
const TIMEOUT = 360_000;

/** `walk({ server, arrive, narrow })` with a program of its own; `arrive('learner')` is a new person with their own browser. */
export function journey(name, walk) {
  for (const viewport of SCREENS.filter(({ width }) => wanted.includes(width))) {
    test(`${name}, ${viewport.width} px, ${database}`, { timeout: TIMEOUT }, async () => {
      const label = labelOf(name, viewport);
      const server = await startServer(label);
      let failure = await walked(walk, server, viewport, label);
      // A program that does not stop is a failure too, but never hides the first one.
      await server.stop().catch((error) => { failure ??= error; });
      if (failure) throw failure;
    });
  }
}

/**
 * Walks that change nothing share one program: `[{ name, walk }]`. `whole` asks for a demonstration with its closed year, which takes
 * longer; `screens` are those on which the walks begin.
 */
export function walks(title, list, { whole = false, screens = SCREENS } = {}) {
  describe(`${title}, ${database}`, () => {
    let server;
    before(async () => { server = await startServer(labelOf(title, { width: 'all' }), { whole }); }, { timeout: whole ? 2 * TIMEOUT : TIMEOUT });
    after(async () => { await server?.stop(); });
    for (const { name, walk } of list) {
      for (const viewport of screens.filter(({ width }) => wanted.includes(width))) {
        test(`${name}, ${viewport.width} px`, { timeout: TIMEOUT }, async () => {
          const failure = await walked(walk, server, viewport, labelOf(`${title} ${name}`, viewport));
          if (failure) throw failure;
        });
      }
    }
  });
}

const labelOf = (name, viewport) => `${name.replace(/[^a-z0-9]+/gi, '-')}-${viewport.width}`;

let browser;
before(async () => { browser = await launchBrowser(); }, { timeout: TIMEOUT });
after(async () => { await browser?.close(); });

/** What went wrong on the way, if anything. */
async function walked(walk, server, viewport, label) {
  const visitors = [];
  let failure;
  try {
    const arrive = async (who) => {
      const visitor = await Visitor.arrive(browser, { base: server.base, viewport, label: `${label}-${who}` });
      visitors.push(visitor);
      return visitor;
    };
    await walk({ server, arrive, narrow: viewport.width < 600 });
    for (const visitor of visitors) visitor.assertNoFaults();
  } catch (error) {
    failure = error;
    for (const visitor of visitors) await visitor.picture('at-the-failure').catch(() => {});
  }
  for (const visitor of visitors) await visitor.leave().catch(() => {});
  return failure;
}
