// A journey: the same walk on a phone and on a desk screen, each with a program and a browser of its own.
import { test } from 'node:test';
import { database, startServer } from './server.mjs';
import { Visitor, launchBrowser } from './visitor.mjs';

const SCREENS = [{ width: 360, height: 740 }, { width: 1280, height: 800 }];
const TIMEOUT = 240_000;

/** `walk({ server, arrive, narrow })`; `arrive('learner')` is a new person with a browser of their own. */
export function journey(name, walk) {
  for (const viewport of SCREENS) {
    test(`${name}, ${viewport.width} px, ${database}`, { timeout: TIMEOUT }, async () => {
      const label = `${name.replace(/[^a-z0-9]+/gi, '-')}-${viewport.width}`;
      const server = await startServer(label);
      const visitors = [];
      let browser;
      let failure;
      try {
        browser = await launchBrowser();
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
      await browser?.close().catch(() => {});
      // A program that does not stop is a failure too, but never hides the first one.
      await server.stop().catch((error) => { failure ??= error; });
      if (failure) throw failure;
    });
  }
}
