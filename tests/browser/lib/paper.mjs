// What other programs make of a paper: its text, its fonts, and the address in its QR code.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** `{ text, landscape, fonts, address }` of the PDF in `bytes`. */
export function readPaper(bytes) {
  const folder = mkdtempSync(join(tmpdir(), 'nongcot-paper-'));
  try {
    const file = join(folder, 'paper.pdf');
    writeFileSync(file, bytes);
    const run = (program, ...words) => execFileSync(program, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    const [, width, height] = run('pdfinfo', file).match(/Page size:\s+([\d.]+) x ([\d.]+)/);
    run('pdftoppm', '-r', '200', '-png', '-singlefile', file, join(folder, 'paper'));
    return {
      text: run('pdftotext', '-layout', file, '-').normalize('NFC'),
      landscape: Math.round(Number(width)) === 842 && Math.round(Number(height)) === 595,
      fonts: run('pdffonts', file).split('\n').slice(2).filter(Boolean).map((line) => ({ name: line.split(/\s+/)[0], embedded: / yes /.test(line) })),
      address: run('zbarimg', '--quiet', '--raw', join(folder, 'paper.png')).trim(),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
