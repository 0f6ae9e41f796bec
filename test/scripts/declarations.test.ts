// The declarations of the package compile in a program that names no more libraries than README.md
// asks for.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { UnexportedType } from '../../scripts/docs/unexported-types.ts';
import { findNode } from '../../scripts/runtimes.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const declarations = suite('the declarations');

const program = `import { admit, hostFunction } from './index.js';
import { openSession } from './conformance/index.js';
import { meterModule } from './metering/index.js';
import { struct, u32 } from './protocol/messages/index.js';

const wasm = new Uint8Array();
hostFunction('length', ['text'], ['i32'], (text) => text.length);
using session = openSession(wasm);
export const all = [admit(wasm), session.logs, meterModule(wasm), struct('T', { n: u32 })];
`;

const runtime = findNode();
const node = (...args: string[]) =>
  spawnSync(runtime?.command ?? '', [...(runtime?.args ?? []), ...args], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });

/** The declarations, built once. The folder is removed when the process ends. */
let folder: string | undefined;
function declared(): string {
  if (folder !== undefined) return folder;
  const made = mkdtempSync(join(tmpdir(), 'declarations-'));
  process.once('exit', () => rmSync(made, { recursive: true }));
  const build = `import { declare } from './scripts/build.ts'; declare(${JSON.stringify(made)});`;
  const built = node('--input-type=module', '--eval', build);
  assert.is(built.status, 0, built.stdout + built.stderr);
  writeFileSync(join(made, 'package.json'), '{"type":"module"}');
  folder = made;
  return made;
}

function compile(name: string, text: string, lib: string) {
  const file = join(declared(), name);
  writeFileSync(file, text);
  const flags = ['--noEmit', '--strict', '--skipLibCheck', 'false', '--target', 'es2022', '--module', 'nodenext'];
  const compiled = node('node_modules/typescript/bin/tsc', ...flags, '--ignoreConfig', '--lib', lib, file);
  return { output: compiled.stdout + compiled.stderr, status: compiled.status };
}

declarations('need the libraries es2022 and dom, or webworker, and nothing else', () => {
  if (runtime === undefined) return console.log('skipped: the declarations: no Node on this machine');
  for (const lib of ['es2022,dom', 'es2022,webworker']) {
    assert.equal(compile('program.ts', program, lib), { output: '', status: 0 }, lib);
  }
});

declarations('give WebAssembly no type arguments, which other libraries of types than dom do not take', () => {
  if (runtime === undefined) return console.log('skipped: the declarations: no Node on this machine');
  const names = readdirSync(declared(), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.d.ts'));
  assert.ok(names.length > 100);
  const generic = names.filter((name) => /\bWebAssembly\.\w+</.test(readFileSync(join(declared(), name), 'utf8')));
  assert.equal(generic, []);
});

/** What a caller must not get past the compiler; each is a line of a program. */
const mistakes = [
  'admit(promise)',
  'admit("plugin.wasm")',
  'admit(response)',
  'admit(blob)',
  'admit(url)',
  'admit(null)',
  'admit(undefined)',
  'admit(7)',
  'admit([0, 97])',
  'admit(bytes, { timeout: 5 })',
  'admit(bytes, { handshake: { memory: 5 } })',
  'admitAsync(promise)',
  'compilePlugin(promise)',
  'compilePlugin("plugin.wasm")',
  'compilePlugin(fetch("plugin.wasm"))',
  'compilePlugin(response)',
  'compilePlugin(blob)',
  'compilePlugin(url)',
  'compilePlugin(null)',
  'compilePlugin(bytes, { compileWorkMax: 1 })',
  'compilePluginAsync(promise)',
  'preparePlugin(module)',
  'preparePlugin(promise)',
  'buildPlugin(promise)',
  'buildPlugin("plugin.wasm")',
  'buildPlugin(bytes, { signal: new AbortController().signal })',
  'readIdentity(promise)',
  'readIdentity("plugin.wasm")',
  'readModuleIdentity(promise)',
  'readModuleIdentity(bytes)',
  'executeHandshake(bytes, buildOffer())',
  'executeHandshake(module, buildOffer())',
  'executeSelfCheck(bytes, "all")',
  'meterModule(promise)',
  'meterModule("plugin.wasm")',
  'openSession(promise)',
  'verifyRouter(promise)',
];

const accepted = [
  'admit(bytes)',
  'admit(bytes.buffer)',
  'admit(new DataView(bytes.buffer))',
  'admit(new SharedArrayBuffer(8))',
  'admit(module)',
  'admit(compilePlugin(bytes))',
  'compilePlugin(module, { metering: false })',
  'compilePlugin(new Uint16Array(bytes.buffer))',
  'preparePlugin(bytes.buffer)',
  'buildPlugin(module)',
  'readIdentity(bytes.buffer)',
  'readModuleIdentity(module)',
  'executeHandshake(compilePlugin(bytes), buildOffer())',
  'meterModule(bytes.buffer)',
  'openSession(bytes)',
  'verifyRouter(bytes)',
];

const preamble = `import * as all from './index.js';
import * as suite from './conformance/index.js';
const { admit, admitAsync, buildOffer, buildPlugin, compilePlugin, compilePluginAsync, executeHandshake } = all;
const { executeSelfCheck, meterModule, preparePlugin, readIdentity, readModuleIdentity } = all;
const { openSession, verifyRouter } = suite;
declare const promise: Promise<Uint8Array>, response: Response, blob: Blob, url: URL;
declare const bytes: Uint8Array<ArrayBuffer>, module: WebAssembly.Module;
`;

declarations('refuse what is not a module, and options that there are not', () => {
  if (runtime === undefined) return console.log('skipped: the declarations: no Node on this machine');
  const { output } = compile('mistakes.ts', `${preamble}${[...mistakes, ...accepted].join(';\n')};\n`, 'es2022,dom');
  const before = preamble.split('\n').length;
  const lines = new Set([...output.matchAll(/mistakes\.ts\((\d+),/g)].map(([, line]) => Number(line) - before));
  const wrong = mistakes.filter((_, index) => !lines.has(index));
  assert.equal(wrong, [], 'these compile');
  assert.equal(
    accepted.filter((_, index) => lines.has(mistakes.length + index)),
    [],
    output,
  );
});

declarations('let a caller import what an entry names, from that entry', () => {
  if (runtime === undefined) return console.log('skipped: the declarations: no Node on this machine');
  const unexported = (folder: string) => {
    const read = node('--import', './scripts/typescript.mjs', 'scripts/docs/unexported-types.ts', folder);
    assert.is(read.status, 0, read.stderr);
    const types: readonly UnexportedType[] = JSON.parse(read.stdout);
    return types.map(({ entry, by, type, file }) => `${entry}: ${by} names ${type} (${file})`);
  };
  assert.equal(unexported(declared()), [], 'export each as a type, or say in the script why nobody needs it');
  const wire = join(declared(), 'protocol/messages/index.d.ts');
  const text = readFileSync(wire, 'utf8');
  writeFileSync(wire, text.replace(/\bFieldTable, /, ''));
  assert.match(unexported(declared()).join('\n'), /^\.\/wire: struct names FieldTable \(json\/declare\.d\.ts\)$/m);
  writeFileSync(wire, text);
});

declarations.run();
