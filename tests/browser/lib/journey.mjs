// A journey: the same walk on a phone and on a desk screen, and on both databases. What the files in journeys/ announce here is walked by
// walk.mjs, several side by side in one browser, each with people of its own and, unless it changes nothing, a program of its own.
//
// Where both databases are asked for, the phone stands before the one and the desk before the other: no screen changes what is asked of a
// database, so a fault of either shows. A single database is walked on both screens. A journey that is about the browser (`on: [SQLITE]`) is not
// walked on PostgreSQL: what a page weighs, or where the keyboard leads, is decided before any row is read.
import { POSTGRES, SQLITE, startServer } from './server.mjs';
import { Visitor } from './visitor.mjs';

export { SQLITE } from './server.mjs';
export const PHONE = { width: 360, height: 740 };
export const DESK = { width: 1280, height: 800 };
const SCREENS = [PHONE, DESK];
const DATABASES = [SQLITE, POSTGRES];

// Which of them this time: TEST_DATABASE ("sqlite postgres"), TEST_SCREENS ("360").
const databases = (process.env.TEST_DATABASE ?? SQLITE).split(' ');
const widths = process.env.TEST_SCREENS?.split(' ').map(Number) ?? SCREENS.map(({ width }) => width);

/** All walks, in the order in which they begin: `{ title, walk(browser) }`. */
export const announced = [];

/** `walk({ server, arrive, narrow, database })` with a program of its own; `arrive('learner')` is a new person with their own browser. */
export function journey(name, walk, { on = DATABASES, screens = SCREENS } = {}) {
  for (const { database, viewport } of places(on, screens)) {
    announce(name, walk, new Program(labelOf(name, viewport), { database }), viewport);
  }
}

/** Walks that change nothing share one program for each database: `[{ name, walk }]`. `demo` is what it begins with, see server.mjs. */
export function walks(title, list, { on = DATABASES, screens = SCREENS, demo } = {}) {
  const programs = new Map();
  for (const { database, viewport } of places(on, screens)) {
    if (!programs.has(database)) programs.set(database, new Program(labelOf(title, { width: 'all' }), { database, demo }));
    for (const { name, walk } of list) announce(`${title}, ${name}`, walk, programs.get(database), viewport);
  }
}

function places(on, screens) {
  const wanted = screens.filter((screen) => widths.includes(screen.width));
  const asked = databases.filter((database) => on.includes(database));
  if (asked.length === 1) return wanted.map((viewport) => ({ database: asked[0], viewport }));
  return asked.flatMap((database, n) => (wanted.length ? [{ database, viewport: wanted[n % wanted.length] }] : []));
}

function announce(name, walk, program, viewport) {
  program.walks += 1;
  announced.push({
    title: `${name}, ${viewport.width} px, ${program.database}`,
    walk: (browser) => walked(browser, walk, program, viewport, labelOf(name, viewport)),
  });
}

const labelOf = (name, viewport) => `${name.replace(/[^a-z0-9]+/gi, '-')}-${viewport.width}`;

/** A program that the first of its walks starts and the last one stops. */
class Program {
  walks = 0;

  #started;

  constructor(label, how) {
    Object.assign(this, { label, how, database: how.database });
  }

  enter() {
    this.#started ??= startServer(this.label, this.how);
    return this.#started;
  }

  async leave() {
    this.walks -= 1;
    if (this.walks === 0) await (await this.#started).stop();
  }
}

async function walked(browser, walk, program, viewport, label) {
  const server = await program.enter();
  const { database } = program;
  const visitors = [];
  let failure;
  try {
    const arrive = async (who, { everywhere = false } = {}) => {
      const visitor = await Visitor.arrive(browser, { base: server.base, database, viewport, label: `${label}-${who}`, everywhere });
      visitors.push(visitor);
      return visitor;
    };
    await walk({ server, arrive, database, narrow: viewport.width < 600 });
    for (const visitor of visitors) visitor.assertNoFaults();
  } catch (error) {
    failure = error;
    for (const visitor of visitors) await visitor.picture('at-the-failure').catch(() => {});
  }
  for (const visitor of visitors) await visitor.leave().catch(() => {});
  // A program that does not stop is a failure too, but never hides the first one.
  await program.leave().catch((error) => { failure ??= error; });
  if (failure) throw failure;
}
