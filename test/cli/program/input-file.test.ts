import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CommandLineError } from '../../../src/cli/program/command-line-error.ts';
import { readInput, writeOutput } from '../../../src/cli/program/input-file.ts';
import { recordedIo } from '../recorded-io.ts';

const input = suite('readInput');

input('reads files, and standard input for -', async () => {
  const io = recordedIo({ files: { a: 'A', '-': 'file' }, stdin: 'stdin' });
  const text = async (path: string): Promise<string> => new TextDecoder().decode(await readInput(io, path));
  assert.is(await text('a'), 'A');
  assert.is(await text('-'), 'stdin');
});

const reasons: readonly (readonly [error: unknown, message: string])[] = [
  [Object.assign(new Error('E'), { code: 'ENOENT' }), 'cannot read x\\n: no such file'],
  [Object.assign(new Error('E'), { code: 'EISDIR' }), 'cannot read x\\n: it is a directory, not a file'],
  [Object.assign(new Error('E'), { code: 'EACCES' }), 'cannot read x\\n: permission is denied'],
  [Object.assign(new Error('EIO: i/o error'), { code: 'EIO' }), 'cannot read x\\n: EIO: i/o error'],
  [Object.assign(new Error('E'), { code: 'ENXIO' }), 'cannot read x\\n: it is a socket, or a device that is not there'],
  [new Error("open '\u001b[31mx\n'"), "cannot read x\\n: open '\\u{1b}[31mx\\n'"],
  [new Error('other'), 'cannot read x\\n: other'],
  ['text', 'cannot read x\\n: text'],
];

for (const [thrown, message] of reasons) {
  input(`says '${message}'`, async () => {
    const io = { ...recordedIo(), readFile: () => Promise.reject(thrown) };
    try {
      await readInput(io, 'x\n');
    } catch (error) {
      assert.instance(error, CommandLineError);
      // The line before has checked it.
      assert.is((error as CommandLineError).message, message);
      return;
    }
    assert.unreachable('read');
  });
}

input('escapes what the reason of a failed write quotes', async () => {
  const io = { ...recordedIo(), writeFile: () => Promise.reject(new Error("open '\u001b'")) };
  const error = await writeOutput(io, [], 'x', new Uint8Array()).catch((thrown) => thrown);
  assert.is(error.message, "cannot write x: open '\\u{1b}'");
});

input.run();
