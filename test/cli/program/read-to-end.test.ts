import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readInput } from '../../../src/cli/program/input-file.ts';
import { thisProcess } from '../../../src/cli/program/process-io.ts';
import { INPUT_BYTES_MAX, readToEnd } from '../../../src/cli/program/read-to-end.ts';

const reading = suite('readToEnd');

async function* chunks(count: number): AsyncGenerator<Uint8Array> {
  for (let index = 0; index < count; index++) yield Uint8Array.of(index, index);
}

reading('joins all chunks, up to the most bytes', async () => {
  assert.equal(await readToEnd(chunks(0)), new Uint8Array());
  assert.equal(await readToEnd(chunks(3), 6), Uint8Array.of(0, 0, 1, 1, 2, 2));
});

reading('gives up a stream without end', async () => {
  const error = await readToEnd(chunks(Number.POSITIVE_INFINITY), 5).catch((thrown) => thrown);
  assert.is(error.code, 'ERR_FS_FILE_TOO_LARGE');
});

reading('refuses a file that is too large, and reads others as they are', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cc-lb-read-'));
  const { io } = thisProcess(new URL('../../../abi/', import.meta.url));
  const path = join(folder, 'file');
  try {
    writeFileSync(path, '');
    assert.is((await readInput(io, path)).length, 0);
    const bytes = Uint8Array.from({ length: 200_000 }, (_, index) => index);
    writeFileSync(path, bytes);
    assert.equal(await readInput(io, path), bytes);
    truncateSync(path, INPUT_BYTES_MAX + 1);
    const error = await readInput(io, path).catch((thrown) => thrown);
    assert.match(error.message, /: it is larger than 256 MiB, or does not end$/);
    assert.match((await readInput(io, folder).catch((thrown) => thrown)).message, /: it is a directory, not a file$/);
    assert.match((await readInput(io, `${path}s`).catch((thrown) => thrown)).message, /: no such file$/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

reading.run();
