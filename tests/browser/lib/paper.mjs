// What other programs make of a paper: its text, its fonts, and the address in its QR code.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** `{ text, landscape, fonts, address }` of the PDF in `bytes`. */
export async function readPaper(bytes) {
  const folder = mkdtempSync(join(tmpdir(), 'nongcot-paper-'));
  try {
    const file = join(folder, 'paper.pdf');
    writeFileSync(file, bytes);
    const run = async (program, ...words) => (await promisify(execFile)(program, words)).stdout;
    const [, width, height] = (await run('pdfinfo', file)).match(/Page size:\s+([\d.]+) x ([\d.]+)/);
    await run('pdftoppm', '-r', '200', '-png', '-singlefile', file, join(folder, 'paper'));
    return {
      text: (await run('pdftotext', '-layout', file, '-')).normalize('NFC'),
      landscape: Math.round(Number(width)) === 842 && Math.round(Number(height)) === 595,
      fonts: (await run('pdffonts', file)).split('\n').slice(2).filter(Boolean).map((line) => ({ name: line.split(/\s+/)[0], embedded: / yes /.test(line) })),
      address: (await run('zbarimg', '--quiet', '--raw', join(folder, 'paper.png'))).trim(),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
