import { spawnSync } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FolderBytes, FolderRecords } from '../../../src/host/folder-store.ts';
import { wire } from '../../../src/protocol/messages/index.ts';
import { filterRequest, hostOf, refusalOf, routerOf } from '../host-under-test.ts';

const base = await mkdtemp(join(tmpdir(), 'cc-lb-folder-'));
let folders = 0;

/** The path of a folder that does not exist yet. */
const newFolder = (): string => join(base, `${folders++}`, 'in', 'folders');

/** Names that file systems refuse, or take for another one. */
const names: readonly string[] = [
  '',
  '.',
  '..',
  '../../etc/passwd',
  '/',
  'a/b\\c',
  'a\u0000b',
  'CON',
  'A',
  'a',
  'é',
  'e\u0301',
  '\ud800',
  '\ufffd',
  '__proto__',
  'a.tmp',
  'line\nline',
  'x'.repeat(2 ** 20),
  'a'.repeat(64),
];

const records = suite('records in a folder');

records('have any text as their id', async () => {
  const folder = newFolder();
  const store = new FolderRecords(pathToFileURL(folder));
  for (const [index, id] of names.entries()) await store.put(id, `record ${index}`);
  const again = new FolderRecords(folder);
  const found = new Map(await again.entries());
  assert.is(found.size, names.length);
  for (const [index, id] of names.entries()) {
    assert.is(found.get(id), `record ${index}`);
    assert.is(await again.get(id), `record ${index}`);
  }
  for (const id of names) await again.delete(id);
  assert.equal(await store.entries(), []);
  assert.equal(await readdir(folder), []);
});

records('are replaced, deleted, and missing', async () => {
  const store = new FolderRecords(newFolder());
  assert.is(await store.get('a'), undefined);
  await store.delete('a');
  await store.put('a', '1');
  await store.put('a', '2\nwith a line');
  assert.equal(await store.entries(), [['a', '2\nwith a line']]);
  assert.is(await store.replace('a', '1', '3'), false);
  assert.is(await store.replace('a', '2\nwith a line', '3'), true);
  assert.is(await store.get('a'), '3');
  assert.is(await store.replace('b', '1', '2'), false);
});

records('are written in the order of the calls', async () => {
  const store = new FolderRecords(newFolder());
  const numbers = Array.from({ length: 30 }, (_, index) => String(index));
  await Promise.all(numbers.map((number) => store.put('a', number)));
  assert.is(await store.get('a'), '29');
  const swaps = await Promise.all(numbers.map((number) => store.replace('a', '29', number)));
  assert.is(swaps.filter(Boolean).length, 1);
});

records('leave no temporary files, and remove those of a crash when they are old', async () => {
  const folder = newFolder();
  await mkdir(folder, { recursive: true });
  for (const name of ['old.tmp', 'new.tmp']) await writeFile(join(folder, name), 'half a rec');
  const hourAgo = Date.now() / 1_000 - 3_600;
  await utimes(join(folder, 'old.tmp'), hourAgo, hourAgo);
  const store = new FolderRecords(folder);
  await store.put('a', 'b');
  assert.equal(await store.entries(), [['a', 'b']]);
  const left = await readdir(folder);
  assert.is(left.length, 2);
  assert.ok(left.includes('new.tmp'), 'another process may be writing it');
});

records('in a file that somebody copied or wrote have its name, and change no other', async () => {
  const folder = newFolder();
  const store = new FolderRecords(folder);
  await store.put('a', 'record');
  const [name = ''] = await readdir(folder);
  await copyFile(join(folder, name), join(folder, 'a copy'));
  await writeFile(join(folder, 'notes'), 'hello');
  assert.equal((await store.entries()).sort(), [
    ['a copy', '"a"\nrecord'],
    ['a', 'record'],
    ['notes', 'hello'],
  ]);
});

records('may have folders beside them, such as the one that a volume has for lost files', async () => {
  const folder = newFolder();
  const store = new FolderRecords(folder);
  await store.put('a', 'record');
  await mkdir(join(folder, 'lost+found'));
  assert.equal(await store.entries(), [['a', 'record']]);
});

records('cannot be kept where a file is, and can once it is gone', async () => {
  const folder = newFolder();
  await mkdir(join(folder, '..'), { recursive: true });
  await writeFile(folder, '');
  const store = new FolderRecords(folder);
  const host = hostOf({ records: store });
  const failure = await refusalOf(host.register({ name: 'a' }, routerOf('1.0.0')));
  assert.is(failure.kind === 'StoreFailed' && failure.store, 'records');
  await rm(folder);
  assert.is((await host.register({ name: 'a' }, routerOf('1.0.0'))).kind, 'registered');
});

records('that are cut anywhere are reported, and the others start', async () => {
  const [folder, modules] = [newFolder(), new FolderBytes(newFolder())];
  const host = hostOf({ records: new FolderRecords(folder), modules });
  for (const name of ['cut', 'whole']) await host.register({ name }, routerOf('1.0.0'));
  const files = await Promise.all(
    (await readdir(folder)).map(async (name) => ({
      path: join(folder, name),
      bytes: await readFile(join(folder, name)),
    })),
  );
  const file = files.find(({ bytes }) => bytes.includes('"name":"cut"'));
  assert.ok(file);
  // Each byte of the id and of the beginning and the end, and some between.
  const { length } = file.bytes;
  const places = Array.from({ length }, (_, at) => at).filter((at) => at < 80 || at > length - 20 || at % 97 === 0);
  for (const at of places) {
    await truncate(file.path, at);
    const restarted = hostOf({ records: new FolderRecords(folder), modules });
    const restored = await restarted.restore();
    const failed = restored.flatMap((each) => (each.kind === 'failed' ? [each.error.failure.kind] : []));
    assert.equal(failed, ['MalformedRecord'], `cut at ${at} of ${length}`);
    assert.equal(
      restarted.list().map(({ name }) => name),
      ['whole'],
    );
    assert.is(restarted.dispatchSync({ name: 'whole' }, wire.v3.filter, filterRequest).kind, 'ok');
    await restarted.close();
    await writeFile(file.path, file.bytes);
  }
});

/** How somebody spoils the file of a record, and what is said of it then. */
const spoils: Readonly<
  Record<string, { readonly spoil: (file: string) => Promise<unknown>; readonly kind: string; readonly said: RegExp }>
> = {
  'is not JSON': {
    spoil: async (file) => await writeFile(file, (await readFile(file, 'utf8')).replace('{"kind"', '{kind')),
    kind: 'MalformedRecord',
    said: /expected/,
  },
  'is a folder': {
    spoil: async (file) => {
      await rm(file);
      await mkdir(file);
    },
    kind: 'StoreFailed',
    said: /failed to read a record.*must be a file, but is a folder/,
  },
  'cannot be read': {
    spoil: async (file) => await chmod(file, 0),
    kind: 'StoreFailed',
    said: /failed to read a record.*(?:EACCES|denied)/,
  },
};

/** Whether a file without permissions can be read all the same, as by root and on Windows. */
async function ignoresPermissions(): Promise<boolean> {
  const file = join(base, 'without-permissions');
  await writeFile(file, '');
  await chmod(file, 0);
  return await readFile(file).then(
    () => true,
    () => false,
  );
}

for (const [what, { spoil, kind, said }] of Object.entries(spoils))
  records(`of which one ${what}: that one is reported, and the others start`, async () => {
    if (what === 'cannot be read' && (await ignoresPermissions()))
      return console.log('skipped: a record without read permission: this user may read everything');
    const folder = newFolder();
    const stores = { records: new FolderRecords(join(folder, 'records')), modules: new FolderBytes(folder) };
    const host = hostOf(stores);
    for (const name of ['first', 'second', 'third']) await host.register({ name }, routerOf('1.0.0'));
    await host.close();
    for (const file of await readdir(join(folder, 'records'))) {
      const path = join(folder, 'records', file);
      if ((await readFile(path, 'utf8')).includes('"name":"second"')) await spoil(path);
    }
    const restored = hostOf(stores);
    const outcomes = await restored.restore();
    assert.equal(outcomes.map((each) => each.kind).sort(), ['failed', 'restored', 'restored']);
    const [failed] = outcomes.filter((each) => each.kind === 'failed');
    assert.is(failed?.kind === 'failed' && failed.error.failure.kind, kind);
    assert.match(failed?.kind === 'failed' ? failed.error.message : '', said);
    assert.is(restored.dispatchSync({ name: 'third' }, wire.v3.filter, filterRequest).kind, 'ok');
    await restored.close();
  });

records('of which one is a pipe wait for nobody', async () => {
  const folder = newFolder();
  await mkdir(folder, { recursive: true });
  const name = `~${'0'.repeat(64)}`;
  if (spawnSync('mkfifo', [join(folder, name)]).status !== 0)
    return console.log('skipped: a pipe with the name of a record: this machine makes none');
  const store = new FolderRecords(folder);
  await store.put('a', 'record');
  assert.equal((await store.entries()).sort(), [
    ['a', 'record'],
    [name, ''],
  ]);
  assert.match(String(await store.get(name).catch((error: unknown) => error)), /must be a file, but is a folder/);
});

records.run();

const bytes = suite('bytes in a folder');

bytes('have any text as their name', async () => {
  const store = new FolderBytes(newFolder());
  for (const [index, name] of names.entries()) await store.put(name, new Uint8Array([index]));
  for (const [index, name] of names.entries()) assert.equal(await store.get(name), new Uint8Array([index]));
  assert.is(await store.get('another'), undefined);
});

bytes('are those of a host, from one start to the next', async () => {
  const [folder, modules, prepared] = [newFolder(), newFolder(), newFolder()];
  const stores = () => ({
    records: new FolderRecords(folder),
    modules: new FolderBytes(modules),
    prepared: new FolderBytes(prepared),
  });
  const key = { name: 'a/b', principal: '../c' };
  await hostOf(stores()).register(key, routerOf('1.0.0'));
  const host = hostOf({ ...stores(), restoreMs: 0 });
  assert.equal(
    (await host.restore()).map(({ kind }) => kind),
    ['restored'],
  );
  assert.is(host.dispatchSync(key, wire.v3.filter, filterRequest).kind, 'ok');
  assert.is((await host.remove(key)).valueOf(), true);
  assert.equal(await hostOf(stores()).restore(), []);
});

bytes.run();

const cleaning = suite('the folders of these tests');
cleaning('are removed', async () => await rm(base, { recursive: true }));
cleaning.run();
