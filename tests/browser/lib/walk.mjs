// Walks the journeys: node lib/walk.mjs [FILTER], a part of a file's name. One browser for all, TEST_SIDE_BY_SIDE walks at once.
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { announced } from './journey.mjs';
import { tidy } from './server.mjs';
import { launchBrowser } from './visitor.mjs';

// These begin first, so that none of them is left to walk alone at the end.
const LONGEST = ['year_2022', 'learner', 'desk', 'every_page', 'offline', 'keyboard'];
// Only what hangs is ended by it; the whole year on PostgreSQL takes most of it.
const ENDS_WITHIN = 900_000;

const [filter = ''] = process.argv.slice(2);
const sideBySide = Number(process.env.TEST_SIDE_BY_SIDE ?? availableParallelism() * 2);
const folder = new URL('../journeys/', import.meta.url);
const place = (file) => (LONGEST.findIndex((name) => file.startsWith(name)) + 1) || LONGEST.length + 1;
const files = readdirSync(folder).filter((file) => file.endsWith('.mjs') && file.includes(filter)).sort((a, b) => place(a) - place(b));
for (const file of files) await import(new URL(file, folder));
if (announced.length === 0) {
  console.log(`no journey is named like "${filter}"`);
  process.exit(0);
}

let [passed, failed] = [0, 0];
// Something that nobody waited for went wrong, which is some walk's fault: its own line says which.
process.on('unhandledRejection', (error) => {
  failed += 1;
  console.log(`✖ beside the walks\n${indented(error)}`);
});
const browser = await launchBrowser();
const waiting = [...announced];
await Promise.all(Array.from({ length: sideBySide }, async () => {
  for (let next = waiting.shift(); next; next = waiting.shift()) await take(next);
}));
await browser.close();
await tidy();
// As node's own test runner ends, which tests/run adds up.
console.log(`ℹ pass ${passed}\nℹ fail ${failed}`);
process.exit(failed > 0 ? 1 : 0);

async function take({ title, walk }) {
  const began = Date.now();
  let timer;
  const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error(`not over after ${ENDS_WITHIN / 1000} s`)), ENDS_WITHIN); });
  try {
    await Promise.race([walk(browser), late]);
    passed += 1;
    console.log(`✔ ${title} (${seconds(began)} s)`);
  } catch (error) {
    failed += 1;
    console.log(`✖ ${title} (${seconds(began)} s)\n${indented(error)}`);
  } finally {
    clearTimeout(timer);
  }
}

function seconds(began) {
  return ((Date.now() - began) / 1000).toFixed(1);
}

function indented(error) {
  return String(error?.stack ?? error).replace(/^/gm, '  ');
}
