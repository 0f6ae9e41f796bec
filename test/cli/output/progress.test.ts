import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ProgressLine } from '../../../src/cli/output/progress.ts';
import type { Output } from '../../../src/cli/output/terminal.ts';
import { withSlowStart } from '../clocks.ts';

const progress = suite('ProgressLine');

const ERASE = '\r\u001b[K';

/** What is written to a terminal, or to another stream, when a second has passed. */
async function written(erasesLines: boolean, work: (line: ProgressLine, output: Output) => void): Promise<string[]> {
  const texts: string[] = [];
  const output: Output = { color: false, erasesLines, write: (content) => texts.push(String(content)) };
  await withSlowStart(async () => work(new ProgressLine(output), output));
  return texts;
}

progress('shows one text instead of the other, and erases the last once', async () => {
  const texts = await written(true, (line) => {
    line.show('one');
    line.show('two');
    line.erase();
    line.erase();
  });
  assert.equal(texts, [`${ERASE}one`, `${ERASE}two`, ERASE]);
});

progress('erases the line before other text', async () => {
  const texts = await written(true, (line, output) => {
    const beside = line.beside(output);
    line.show('one');
    beside.write('log\n');
    beside.write('log\n');
  });
  assert.equal(texts, [`${ERASE}one`, ERASE, 'log\n', 'log\n']);
});

progress('shows a text on one line of printable characters', async () => {
  const [text = ''] = await written(true, (line) => line.show(`\u001b[2J\n${'x'.repeat(200)}`));
  assert.ok(text.startsWith(`${ERASE}\\u{1b}[2J\\nxxx`), text);
  assert.is(text.length, ERASE.length + 70);
});

progress('shows nothing where lines cannot be erased', async () => {
  assert.equal(await written(false, (line) => line.show('one')), []);
});

progress.run();
