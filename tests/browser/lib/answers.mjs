// What somebody answers who knows the course: the keys are read from its text, since the browser is never told them.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** `answer(question, right = true)` fills in one question of a page; every kind of question the courses have. */
export function keyOf(course) {
  const items = [];
  for (const folder of readdirSync(course, { withFileTypes: true })) {
    if (!folder.isDirectory()) continue;
    for (const file of readdirSync(join(course, folder.name))) {
      if (file.endsWith('.gift')) items.push(...read(readFileSync(join(course, folder.name, file), 'utf8').normalize('NFC')));
    }
  }
  return async (question, right = true) => {
    const asked = tidy(await question.locator('legend').innerText());
    const known = items.filter((item) => asked.endsWith(item.stem));
    if (known.length === 0) throw new Error(`no question of the course reads: ${asked}`);
    const item = known.sort((a, b) => b.stem.length - a.stem.length)[0];
    if (item.pairs) {
      for (const [left, match] of item.pairs) {
        const labels = question.locator('.question-side');
        for (const side of await labels.all()) {
          if (tidy(await side.locator('label').innerText()) !== left) continue;
          if (right) await side.locator('select').selectOption({ label: match });
          else await side.locator('select').selectOption({ index: 0 });
        }
      }
    } else if (item.typed !== undefined) {
      await question.locator('input:not([type=hidden])').fill(right ? item.typed : '0');
    } else {
      const labels = question.locator('label.option');
      const options = await labels.evaluateAll((all) => all.map((label) => {
        const box = label.querySelector('input');
        return { text: label.innerText, isRadio: box.type === 'radio', isChecked: box.checked };
      }));
      for (const [place, { text, isRadio, isChecked }] of options.entries()) {
        const wanted = item.right.includes(tidy(text)) === right;
        if (isRadio ? wanted : wanted !== isChecked) await labels.nth(place).click();
        if (isRadio && wanted) break;
      }
    }
  };
}

function read(text) {
  return text.split(/\n\s*\n/).flatMap((block) => {
    const body = block.split('\n').filter((line) => !line.trim().startsWith('//')).join('\n').trim();
    const open = body.search(/(?<!\\)\{/);
    if (open < 0) return [];
    const stem = plain(body.slice(0, open).replace(/^::.*?::/, ''));
    const answers = body.slice(open + 1, body.lastIndexOf('}')).trim();
    const fact = answers.match(/^(T|F|TRUE|FALSE)(?=#|$)/);
    if (fact) return [{ stem, right: [fact[1].startsWith('T') ? 'Đúng' : 'Sai'] }];
    if (answers.startsWith('#')) {
      const [, low, high] = answers.match(/^#=?(-?[\d.]+?)(?:\.\.(-?[\d.]+))?(?![\d.])/) ?? [];
      return [{ stem, typed: (low ?? high).replace('.', ',') }];
    }
    const options = answers.split('####')[0].split(/(?<!\\)(?=[=~])/).filter((option) => option.trim())
      .map((option) => ({ sign: option[0], text: option.slice(1).split(/(?<!\\)#/)[0].trim() }));
    if (options[0].text.includes('->')) {
      return [{ stem, pairs: options.map(({ text: pair }) => pair.split('->').map(plain)).filter(([left]) => left) }];
    }
    const weighed = options.map(({ sign, text: option }) => {
      const weight = option.match(/^%(-?[\d.]+)%/);
      return { right: weight ? Number(weight[1]) > 0 : sign === '=', full: weight ? Number(weight[1]) : sign === '=' ? 100 : 0, text: plain(option.replace(/^%.*?%/, '')) };
    });
    if (options.every(({ sign }) => sign === '=')) return [{ stem, typed: weighed.find(({ full }) => full === 100).text }];
    return [{ stem, right: weighed.filter(({ right }) => right).map(({ text: option }) => option) }];
  });
}

const plain = (text) => tidy(text.replaceAll('\\n', ' ').replace(/\\([~=#{}:])/g, '$1'));
const tidy = (text) => text.normalize('NFC').replace(/\s+/g, ' ').trim();
