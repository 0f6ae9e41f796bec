// The files that arguments name, in real folders.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findPluginFiles } from '../../../src/cli/program/plugin-files.ts';
import { thisProcess } from '../../../src/cli/program/process-io.ts';

const { io } = thisProcess(new URL('../../../abi/', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'cc-lb-files-'));
const at = (path: string): string => join(root, path);

function write(...paths: readonly string[]): void {
  for (const path of paths) {
    mkdirSync(join(at(path), '..'), { recursive: true });
    writeFileSync(at(path), path);
  }
}

/** The paths that were found, from the root on, with the kinds of the errors. */
async function find(...given: readonly string[]) {
  const { files, directories, isSeries } = await findPluginFiles(io, given.map(at));
  const found = files.map((file) => {
    const path = file.path.slice(root.length + 1);
    return 'error' in file ? `${path}: ${file.error.failure.kind}` : path;
  });
  return { found, counts: directories.map((directory) => directory.found), isSeries };
}

const files = suite('findPluginFiles');
files.after(() => rmSync(root, { recursive: true }));

files('takes one file as it is, whatever its name, and also if it does not exist', async () => {
  write('one.bin');
  assert.equal(await find('one.bin'), { found: ['one.bin'], counts: [], isSeries: false });
  assert.equal(await find('absent'), { found: ['absent'], counts: [], isSeries: false });
  assert.equal((await findPluginFiles(io, ['-'])).files, [{ path: '-' }]);
});

files('searches a directory and those within it in the order of names', async () => {
  write('tree/b.wasm', 'tree/a/z.wasm', 'tree/a.wasm', 'tree/B.wasm', 'tree/c/d/e.wasm', 'tree/no.wat', 'tree/wasm');
  const found = ['tree/B.wasm', 'tree/a/z.wasm', 'tree/a.wasm', 'tree/b.wasm', 'tree/c/d/e.wasm'];
  assert.equal(await find('tree'), { found, counts: [5], isSeries: true });
  assert.equal(await find('tree/'), { found, counts: [5], isSeries: true });
});

files('leaves out what is hidden, and node_modules, unless it is named', async () => {
  write('some/.git/a.wasm', 'some/.b.wasm', 'some/node_modules/c/c.wasm', 'some/d.wasm');
  assert.equal((await find('some')).found, ['some/d.wasm']);
  assert.equal((await find('some/.git', 'some/node_modules')).found, [
    'some/.git/a.wasm',
    'some/node_modules/c/c.wasm',
  ]);
});

files('has each file once, by its first path', async () => {
  write('twice/a.wasm', 'twice/b.wasm');
  symlinkSync(at('twice/a.wasm'), at('twice/link.wasm'));
  const { found, counts } = await find('twice/b.wasm', 'twice', 'twice/../twice/b.wasm', 'twice/link.wasm');
  assert.equal(found, ['twice/b.wasm', 'twice/a.wasm']);
  assert.equal(counts, [3]);
  assert.equal((await findPluginFiles(io, ['-', '-'])).files, [{ path: '-' }]);
});

files('follows no circle of links', async () => {
  write('circle/in/a.wasm');
  symlinkSync(at('circle'), at('circle/in/again'));
  symlinkSync('self.wasm', at('circle/self.wasm'));
  assert.equal((await find('circle')).found, ['circle/in/a.wasm', 'circle/self.wasm: Unreadable']);
});

files('has an error for a directory without modules, beside the files of others', async () => {
  mkdirSync(at('empty/in'), { recursive: true });
  write('full/a.wasm');
  const { found, counts } = await find('empty', 'full');
  assert.equal(
    [found, counts],
    [
      ['empty: NoModules', 'full/a.wasm'],
      [0, 1],
    ],
  );
});

files('has an error for a link that leads nowhere, and for a directory with the name of a file', async () => {
  write('odd/a.wasm', 'odd/dir.wasm/b.wasm');
  symlinkSync('nowhere', at('odd/lost.wasm'));
  assert.equal((await find('odd')).found, ['odd/a.wasm', 'odd/dir.wasm/b.wasm', 'odd/lost.wasm: Unreadable']);
});

files('opens no device', async () => {
  if (process.platform === 'win32') return console.log('skipped: devices: Windows has none');
  mkdirSync(at('device'));
  symlinkSync('/dev/null', at('device/null.wasm'));
  assert.equal((await find('device')).found, ['device/null.wasm: Unreadable']);
});

files('finds more files in a directory than a call takes arguments', async () => {
  const entries = Array.from({ length: 200_000 }, (_, index) => ({ name: `${index}.wasm`, isDirectory: false }));
  const many: typeof io = {
    ...io,
    facts: async (path) => ({ kind: path.endsWith('.wasm') ? 'file' : 'directory', state: '' }),
    list: async (path) => (path.endsWith('in') ? entries : [{ name: 'in', isDirectory: true }]),
    realPath: async (path) => path,
  };
  const found = await findPluginFiles(many, ['outer']);
  assert.equal(found.directories, [{ path: 'outer', found: entries.length }]);
  assert.is(found.files.length, entries.length);
});

files('says what to do about a name that is not UTF-8', async () => {
  // Linux alone has such names, and Node reads them with a replacement character.
  const list: typeof io.list = async () => [{ name: '\ufffd.wasm', isDirectory: false }];
  write('names/a.wasm');
  const [found] = (await findPluginFiles({ ...io, list }, [at('names')])).files;
  const message = found !== undefined && 'error' in found ? found.error.message : '';
  assert.match(message, /no such file; if its name is not UTF-8, rename it$/);
});

files('has an error for a directory that cannot be read, beside the other files', async () => {
  write('locked/in/a.wasm', 'locked/z.wasm');
  const denied = Object.assign(new Error('EACCES'), { code: 'EACCES' });
  const list: typeof io.list = (path) => (path.endsWith('in') ? Promise.reject(denied) : io.list(path));
  const found = await findPluginFiles({ ...io, list }, [at('locked')]);
  assert.equal(
    found.files.map((file) => ('error' in file ? file.error.message : file.path)),
    [`cannot read ${at('locked/in')}: permission is denied`, at('locked/z.wasm')],
  );
});

files.run();
