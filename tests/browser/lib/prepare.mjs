// One demonstration, made once and copied for every program that a journey walks through: prepare.mjs OUTPUT writes into a JSON
// file where that of TEST_DATABASE lies.
import { writeFileSync } from 'node:fs';
import { startServer } from './server.mjs';

const [file] = process.argv.slice(2);
const server = await startServer('prepared');
// It answers, so it also knows how to stop.
await fetch(`${server.base}/readyz`);
writeFileSync(file, JSON.stringify(await server.leave()));
