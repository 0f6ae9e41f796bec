// Builds the plugins under fixtures/ from their sources, each into a `.wasm` beside it.
//   node scripts/fixtures.mjs            writes them
//   node scripts/fixtures.mjs --check    writes nothing; names each that its source would give otherwise, and exits 1
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { parse } from '@bytecodealliance/jco';
import asc from 'assemblyscript/asc';

/**
 * @typedef {object} Fixture
 * @property {string} source path under fixtures/, ending in `.ts` (AssemblyScript) or `.wat`
 * @property {string} [plugin] name in the identity section that is appended; a `.wat` writes its own
 */

/** @type {readonly Fixture[]} */
const FIXTURES = [
  { source: 'router/router.ts', plugin: 'router' },
  { source: 'dialect/dialect.ts', plugin: 'dialect' },
  { source: 'signer/signer.ts', plugin: 'signer' },
  { source: 'observer/observer.ts', plugin: 'observer' },
  { source: 'host-calls/host-calls.ts' },
  { source: 'behaviour/bad-answers.wat' },
  { source: 'behaviour/echo.wat' },
  { source: 'behaviour/echo-u64.wat' },
  { source: 'behaviour/exit-code.wat' },
  { source: 'behaviour/infinite-loop.wat' },
  { source: 'behaviour/no-identity.wat' },
  { source: 'behaviour/no-output.wat' },
  { source: 'behaviour/not-utf8.wat' },
  { source: 'behaviour/self-check-failure.wat' },
  { source: 'behaviour/sets-error.wat' },
  { source: 'behaviour/trap.wat' },
  { source: 'behaviour/two-identities.wat' },
  { source: 'behaviour/wrong-magic.wat' },
];

/**
 * `minimal` is the runtime that frees memory when told to. `abort` is the guest library's, since the compiler's own is
 * an import that no host of this protocol provides.
 */
const COMPILER_OPTIONS = [
  ...['--runtime', 'minimal'],
  ...['--use', 'abort=guest/environment/abort'],
  ...['--optimizeLevel', '3', '--shrinkLevel', '1'],
];

const FOLDER = new URL('../fixtures/', import.meta.url);
const IDENTITY_SECTION = 'cc_lb.plugin.v1';
const MAGIC = [0xcc, 0x1b, 0x70, 0x10, 0x00, 0x01, 0x00, 0x00];
const PLUGIN_VERSION = '1.0.0';

/** @param {Fixture} fixture */
async function build({ source, plugin }) {
  if (source.endsWith('.wat')) return Buffer.from(await parse(await readFile(new URL(source, FOLDER), 'utf8')));
  const module = await compile(source);
  return plugin === undefined ? module : Buffer.concat([module, identitySection(plugin)]);
}

/**
 * Compiles AssemblyScript. The compiler sees paths under fixtures/ only, so the bytes are the same wherever that is.
 * @param {string} source
 */
async function compile(source) {
  let module = Buffer.alloc(0);
  const { error, stderr } = await asc.main([source, '--outFile', 'module.wasm', ...COMPILER_OPTIONS], {
    readFile: (name) => readFile(new URL(name, FOLDER), 'utf8').catch(() => null),
    writeFile: (_name, contents) => {
      module = Buffer.from(contents);
    },
    listFiles: () => [],
  });
  if (error) throw new Error(`${source} does not compile:\n${stderr.toString()}`);
  return module;
}

/**
 * The identity of a plugin, as a custom section (WebAssembly specification, section 5.5.3): AssemblyScript has no
 * statement for one.
 * @param {string} plugin
 */
function identitySection(plugin) {
  const identity = { magic: MAGIC, abi_envelope: 1, plugin_name: plugin, plugin_version: PLUGIN_VERSION };
  const name = Buffer.from(IDENTITY_SECTION);
  const payload = Buffer.from(JSON.stringify(identity));
  const content = Buffer.concat([unsignedLeb128(name.length), name, payload]);
  return Buffer.concat([Buffer.of(0), unsignedLeb128(content.length), content]);
}

/** @param {number} value */
function unsignedLeb128(value) {
  const bytes = [];
  for (; value > 0x7f; value >>>= 7) bytes.push((value & 0x7f) | 0x80);
  return Buffer.from([...bytes, value]);
}

/** @param {string} source */
const target = (source) => source.replace(/\.(ts|wat)$/, '.wasm');

/** The paths under fixtures/ of all `.wasm` files there. */
async function builtFiles() {
  const files = await readdir(FOLDER, { recursive: true });
  return files.map((file) => file.replaceAll('\\', '/')).filter((file) => file.endsWith('.wasm'));
}

const check = process.argv.includes('--check');
const stray = new Set(await builtFiles());
let stale = 0;
for (const fixture of FIXTURES) {
  const file = target(fixture.source);
  const bytes = await build(fixture);
  stray.delete(file);
  if (!check) {
    await writeFile(new URL(file, FOLDER), bytes);
    console.log(`${file}: ${bytes.length} bytes`);
  } else if (!(await readFile(new URL(file, FOLDER)).catch(() => Buffer.alloc(0))).equals(bytes)) {
    console.error(`fixtures/${file} differs from what fixtures/${fixture.source} gives: run node scripts/fixtures.mjs`);
    stale++;
  }
}
for (const file of stray) console.error(`fixtures/${file} is built from no source that scripts/fixtures.mjs lists`);
if (check && stale + stray.size > 0) process.exitCode = 1;
