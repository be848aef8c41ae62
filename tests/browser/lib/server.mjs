// The program as a person starts it: `nongcot demo --json`, each with its own folder, database and ports. Nothing here waits for another
// program in a way that would hold up the walks beside this one.
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createWriteStream, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../../../', import.meta.url));
export const out = fileURLToPath(new URL('../.out/', import.meta.url));
export const SQLITE = 'sqlite';
export const POSTGRES = 'postgres';
const program = process.env.NONGCOT_BIN ?? join(process.env.CARGO_TARGET_DIR ?? join(root, 'target'), 'debug', 'nongcot');

const STARTS_WITHIN = 120_000;
const YEAR_STARTS_WITHIN = 600_000;
const STOPS_WITHIN = 30_000;

/** What a demonstration begins with: `QUICK` is without the year 2022, `YEAR` has it, or one in TEST_ONE_IN of it. */
export const QUICK = ['--quick'];
export const oneIn = Number(process.env.TEST_ONE_IN ?? 1);
export const YEAR = oneIn === 1 ? [] : ['--one-in', String(oneIn)];

const prepared = new Map();

/** One quick demonstration of each database, made once; every program that a journey walks through begins with a copy of it. */
function preparedOn(database) {
  if (!prepared.has(database)) {
    prepared.set(database, startServer('prepared', { database, alone: true }).then(async (server) => {
      // It answers, so it also knows how to stop.
      await fetch(`${server.base}/readyz`);
      return server.leave();
    }));
  }
  return prepared.get(database);
}

/** Takes the prepared demonstrations away; their databases go with the PostgreSQL of the run. */
export async function tidy() {
  for (const made of prepared.values()) {
    const left = await made.catch(() => undefined);
    if (left) await rm(left.around, { recursive: true, force: true });
  }
}

// Whatever ends this process, no program is left behind.
const running = new Set();
process.on('exit', () => { for (const child of running) child.kill('SIGKILL'); });

const run = promisify(execFile);

/**
 * Starts the demo and answers once it says where it is: {base, people, link, later, letters, command, stop, leave}. One with the year is
 * filled anew, and so is one that stands `alone`.
 */
export async function startServer(name, { database = SQLITE, demo = QUICK, alone = false } = {}) {
  const copied = alone || demo !== QUICK ? undefined : await preparedOn(database);
  if (!existsSync(program)) throw new Error(`no program at ${program}: run cargo build first`);
  const folder = mkdtempSync(join(tmpdir(), 'nongcot-journey-'));
  const [site, files, metrics] = await freePorts(3);
  const env = {
    ...process.env,
    NONGCOT__HTTP__LISTEN: `127.0.0.1:${site}`,
    NONGCOT__HTTP__PUBLIC_URL: `http://localhost:${site}`,
    NONGCOT__FILES__LISTEN: `127.0.0.1:${files}`,
    NONGCOT__FILES__PUBLIC_URL: `http://127.0.0.1:${files}`,
    NONGCOT__METRICS__LISTEN: `127.0.0.1:${metrics}`,
    NONGCOT__STORAGE__DIR: folder,
  };
  const dropDatabase = database === POSTGRES ? await createDatabase(env, copied?.database) : async () => {};
  let begin = demo;
  if (copied) {
    const copy = join(folder, basename(copied.folder));
    await cp(copied.folder, copy, { recursive: true });
    begin = ['--again', copy];
  }

  mkdirSync(out, { recursive: true });
  const logFile = join(out, `${database}-${name}.log`);
  const log = createWriteStream(logFile);
  const child = spawn(program, ['demo', '--json', ...begin], { cwd: folder, env, stdio: ['pipe', 'pipe', 'pipe'] });
  running.add(child);
  const lines = objects(child.stdout);
  child.stderr.pipe(log);
  const ended = new Promise((resolve) => child.once('exit', (code, signal) => {
    running.delete(child);
    resolve(signal ?? code);
  }));

  async function end() {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    const how = await within(ended, STOPS_WITHIN, 'late');
    if (how === 'late') child.kill('SIGKILL');
    return how;
  }
  async function stop() {
    const how = await end();
    await dropDatabase();
    await rm(folder, { recursive: true, force: true });
    if (how !== 0) throw new Error(`the program did not stop properly (${how}); see ${logFile}`);
  }
  /** Stops the program and answers what it leaves behind, for others to begin with. */
  async function leave() {
    const how = await end();
    if (how !== 0) throw new Error(`the program did not stop properly (${how}); see ${logFile}`);
    return { around: folder, folder: join(folder, demoIn(folder)), database: env.NONGCOT__DATABASE__URL?.match(/\/([^/?]+)(\?|$)/)[1] };
  }

  try {
    const first = await within(Promise.race([lines.next(), ended]), demo === QUICK ? STARTS_WITHIN : YEAR_STARTS_WITHIN, 'late');
    if (typeof first !== 'object') {
      throw new Error(`the program did not start (${first}):\n${readFileSync(logFile, 'utf8').slice(-2000)}`);
    }
    const beside = { ...env, ...whereTheDemoIs(folder, database) };
    /** Runs an administration command beside the server and answers what it printed. */
    const command = async (...words) => (await run(program, words, { cwd: folder, env: beside })).stdout;
    /** A sign-in link of somebody in the demonstration that nobody has used yet: the one it printed, afterwards new ones. */
    const printed = new Map(Object.entries(first.links));
    const people = new Set(printed.keys());
    const link = async (key) => take(printed, key) ?? (await command('person', 'login-link', `minhhoa.${key}`)).match(/https?:\/\/\S+/)[0];
    /** Puts the program's clock forward and answers the moment it shows then. */
    const later = async ({ days = 0, minutes = 0, seconds = 0 }) => {
      child.stdin.write(`${(days * 24 * 60 + minutes) * 60 + seconds}\n`);
      const { now } = await within(lines.next(), 10_000, {});
      if (!now) throw new Error('the clock did not move: the program is built without --features test-clock');
      return new Date(now);
    };
    /** The letters that left so far, oldest first, as text. */
    const letters = () => lettersIn(beside.NONGCOT__STORAGE__DIR ?? folder);
    return { base: first.base, people, command, link, later, letters, stop, leave, logFile };
  } catch (error) {
    await stop().catch(() => {});
    throw error;
  }
}

/** The lines of the output that are JSON objects, one after the other; everything else is read and let go. */
function objects(stream) {
  const come = [];
  const asked = [];
  createInterface({ input: stream }).on('line', (line) => {
    if (!line.startsWith('{')) return;
    const object = JSON.parse(line);
    if (asked.length > 0) asked.shift()(object);
    else come.push(object);
  });
  return { next: () => (come.length > 0 ? Promise.resolve(come.shift()) : new Promise((resolve) => { asked.push(resolve); })) };
}

/** `demo` makes a folder of its own below the one it was given; a command beside it has to be told. */
function whereTheDemoIs(folder, database) {
  const name = demoIn(folder);
  if (!name) return {};
  const demo = join(folder, name);
  const where = { NONGCOT__STORAGE__DIR: demo };
  const file = readdirSync(demo).find((entry) => /\.sqlite3?$/.test(entry));
  if (database === SQLITE && file) where.NONGCOT__DATABASE__URL = `sqlite:${join(demo, file)}`;
  return where;
}

const demoIn = (folder) => readdirSync(folder).find((entry) => entry.startsWith('demo-'));

/** Letters lie in a folder; their parts are in base64 or quoted-printable. */
function lettersIn(folder) {
  const mail = join(folder, 'mail');
  if (!existsSync(mail)) return [];
  const files = readdirSync(mail).filter((name) => name.endsWith('.eml')).map((name) => join(mail, name));
  return files.sort((a, b) => statSync(a).mtimeMs - statSync(b).mtimeMs).map((file) => readFileSync(file, 'utf8').split(/\r\n--/).map((part) => {
    const [head, ...body] = part.split('\r\n\r\n');
    const text = body.join('\r\n\r\n');
    if (/base64/i.test(head)) return head + Buffer.from(text, 'base64').toString('utf8');
    if (!/quoted-printable/i.test(head)) return part;
    const bytes = text.replace(/=\r?\n/g, '').replace(/=([0-9A-F]{2})/g, (_, code) => String.fromCharCode(parseInt(code, 16)));
    return head + Buffer.from(bytes, 'latin1').toString('utf8');
  }).join('\n'));
}

/** A new database on the server of the run, or a copy of one; answers how to drop it. psql is all that is needed for that. */
async function createDatabase(env, copied) {
  const server = process.env.TEST_POSTGRES_URL;
  if (!server) throw new Error('TEST_POSTGRES_URL is not set; tests/run starts a PostgreSQL and sets it');
  const name = `journey_${randomBytes(6).toString('hex')}`;
  const psql = (sql) => run('psql', [server, '--no-psqlrc', '--quiet', '--command', sql]);
  await psql(`CREATE DATABASE ${name}${copied ? ` TEMPLATE ${copied}` : ''}`);
  env.NONGCOT__DATABASE__URL = server.replace(/\/[^/?]*(\?|$)/, `/${name}$1`);
  return () => psql(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
}

function take(map, key) {
  const value = map.get(key);
  map.delete(key);
  return value;
}

async function freePorts(count) {
  const servers = await Promise.all(
    Array.from({ length: count }, () => new Promise((resolve, reject) => {
      const server = createServer();
      server.once('error', reject).listen(0, '127.0.0.1', () => resolve(server));
    })),
  );
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

function within(promise, milliseconds, otherwise) {
  let timer;
  const late = new Promise((resolve) => { timer = setTimeout(resolve, milliseconds, otherwise); });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
