// One demonstration, made once and copied for every program that a journey walks through: prepare.mjs OUTPUT adds to a JSON file
// where that of TEST_DATABASE lies.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { database, startServer } from './server.mjs';

const [file] = process.argv.slice(2);
const server = await startServer('prepared');
// It answers, so it also knows how to stop.
await fetch(`${server.base}/readyz`);
const known = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
writeFileSync(file, JSON.stringify({ ...known, [database]: await server.leave() }));
