// The entry for plugins in AssemblyScript: what it exports, the programs in its document, and the
// versions that the templates pin.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compileAssemblyScript, packageAbort } from '../../scripts/fixtures/assemblyscript.ts';
import {
  buildSignerRequest,
  filterRequest,
  observeRequest,
  openSession,
  verifyRouter,
} from '../../src/conformance/index.ts';
import { wire } from '../../src/protocol/messages/index.ts';
import { writeIdentity } from '../../src/protocol/write-identity.ts';

const root = new URL('../../', import.meta.url);
const library = new URL('fixtures/guest/', root);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const modules = readdirSync(library, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.ts'));

/** Where the compiler looks for the entry, from the folder of a project on. */
const INSTALLED = 'node_modules/cc-lb-runtime-protocol/assemblyscript/';

/** Compiles a program as in a project that has the package installed, and gives it an identity. */
async function compiled(source: string): Promise<Uint8Array> {
  const module = await compileAssemblyScript('program.ts', packageAbort, async (name) => {
    if (name === 'program.ts') return source;
    if (!name.startsWith(INSTALLED)) return null;
    const file = new URL(name.slice(INSTALLED.length), library);
    return existsSync(file) ? await readFile(file, 'utf8') : null;
  });
  return writeIdentity(module, { plugin_name: 'program', plugin_version: '0.1.0' });
}

/** The programs in the document. */
const programs = [...read('docs/ASSEMBLYSCRIPT.md').matchAll(/^```typescript\n(.*?)^```$/gms)].map(
  ([, program = '']) => program,
);

const plugins = new Map<string, Promise<Uint8Array>>();

/** The plugin that the document has a program for, which is the only one with this text. */
function pluginWith(text: string): Promise<Uint8Array> {
  const [program, ...more] = programs.filter((each) => each.includes(text));
  if (program === undefined || more.length > 0) throw new Error(`not one program has ${text}`);
  const plugin = plugins.get(text) ?? compiled(program);
  plugins.set(text, plugin);
  return plugin;
}

const entry = suite('the entry for AssemblyScript');

for (const path of modules.filter((each) => each !== 'index.ts')) {
  entry(`each export of ${path} has a doc comment`, () => {
    const lines = readFileSync(new URL(path, library), 'utf8').split('\n');
    const bare = lines.filter((line, index) => line.startsWith('export ') && !lines[index - 1]?.endsWith('*/'));
    assert.equal(bare, []);
  });
}

entry('has every module but the wire functions in its index', () => {
  const exported = [...read('fixtures/guest/index.ts').matchAll(/ from '\.\/([\w-]+)';/g)].map(([, name]) => name);
  const others = modules.filter((path) => !path.includes('/') && path !== 'index.ts');
  assert.equal(
    exported,
    others.map((path) => path.replace('.ts', '')).sort((a, b) => (a < b ? -1 : 1)),
  );
});

entry('has a row in the document for each module of wire functions', () => {
  const text = read('docs/ASSEMBLYSCRIPT.md');
  for (const path of modules.filter((each) => each.includes('/'))) {
    assert.ok(text.includes(`| \`cc-lb-runtime-protocol/assemblyscript/${path.replace('.ts', '')}\` |`), path);
  }
});

entry('is in the package, with the names that its document and its templates use', () => {
  const { exports, files } = JSON.parse(read('package.json'));
  assert.is(exports['./assemblyscript'], './assemblyscript/index.ts');
  assert.is(exports['./assemblyscript/*'], './assemblyscript/*.ts');
  assert.is(exports['./assemblyscript/asconfig.json'], './assemblyscript/asconfig.json');
  assert.ok(files.includes('assemblyscript'));
  assert.is(packageAbort, '~lib/cc-lb-runtime-protocol/assemblyscript/environment/abort');
  const config = /^```json\n(.*?)^```$/ms.exec(read('docs/ASSEMBLYSCRIPT.md'))?.[1] ?? '';
  assert.equal(JSON.parse(config), JSON.parse(read('templates/assemblyscript/common/asconfig.json')));
});

entry('is pinned by the templates in this version, with the compiler that is tested here', () => {
  const { version, devDependencies } = JSON.parse(read('package.json'));
  assert.equal(JSON.parse(read('templates/assemblyscript/common/package.json')).devDependencies, {
    assemblyscript: devDependencies.assemblyscript,
    'cc-lb-runtime-protocol': version,
  });
});

entry('lets a router be written in the lines of the document', async () => {
  const router = await pluginWith('chooseFirst');
  assert.is(verifyRouter(router).verdict, 'pass');
  const request = filterRequest().candidate('a').candidate('b');
  const outcome = openSession(router).dispatch(wire.v3.filter, request);
  const results = outcome.kind === 'ok' ? outcome.response.results : [];
  assert.equal(
    results.map(({ decision }) => decision),
    ['accept', 'reject'],
  );
});

entry('reads and writes a structure with an integer of 64 bits', async () => {
  const signer = openSession(await pluginWith('nextState'));
  const request = buildSignerRequest().factoryState({ key: 'k', serial: 2n ** 64n - 2n });
  const outcome = signer.dispatch(wire.v1.buildSigner, request);
  const state = outcome.kind === 'ok' ? outcome.response.signer_state.text : '';
  assert.is(state, '{"key":"k","serial":18446744073709551615}');
});

entry('answers a structure that lacks a field with an error that names it', async () => {
  const signer = openSession(await pluginWith('nextState'));
  const outcome = signer.dispatch(wire.v1.buildSigner, buildSignerRequest().factoryState({ key: 'k' }));
  const failure = outcome.kind === 'ok' ? undefined : outcome.error.failure;
  assert.equal(failure?.kind === 'PluginCall' && failure.call, {
    kind: 'PluginError',
    message: '$.factory_state: a field serial expected',
  });
});

const events = () => observeRequest().event({ kind: 'chunk', batch_index: 0n, event_count: 1n, total_bytes: 1n });

entry('reads configuration, keeps a variable, and logs', async () => {
  const observer = openSession(await pluginWith("readVariable('events')"), { config: { title: 'seen' } });
  observer.dispatch(wire.v1.observe, events());
  observer.dispatch(wire.v1.observe, events());
  assert.equal(
    observer.logs.map(({ message }) => message),
    ['seen: 1', 'seen: 2'],
  );
});

entry('calls the functions of a host that provides them', async () => {
  const observer = openSession(await pluginWith('hostMetricIncr('), { hostFunctions: true });
  observer.dispatch(wire.v1.observe, events());
  const first = observer.storage.get('first');
  assert.is(first?.length, 16);
  observer.dispatch(wire.v1.observe, events());
  assert.equal(observer.storage.get('first'), first);
  assert.equal(
    observer.counters.map(({ name, value }) => [name, Number(value)]),
    [
      ['events', 1],
      ['events', 1],
    ],
  );
});

entry.run();
