import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { preparePlugin } from '../../../src/plugin/index.ts';
import { fixture } from '../../support/fixture.ts';
import { kernelOfPrepared } from '../../support/plugin.ts';
import { wat } from '../../support/wat.ts';
import { fixtureFiles } from '../fixture-files.ts';
import { documentOf, run } from '../run.ts';

const inspect = suite('inspect');

for (const { path, identity, rejected } of fixtureFiles) {
  inspect(`${path}: text and JSON`, async () => {
    const bytes = (await fixture(path)).length;
    const text = await run(['inspect', `fixture:${path}`]);
    assert.is(text.code, 0);
    assert.is(text.stderr, '');
    const [first] = text.stdout.split('\n');
    assert.is(first, `fixture:${path}: valid module, ${bytes.toLocaleString('en')} bytes`);
    if (identity === undefined) assert.match(text.stdout, `Identity\n  none: ${rejected?.[1]}: `);
    else assert.match(text.stdout, new RegExp(`plugin_name +${identity.split(' ')[0]}\n +plugin_version +1\\.0\\.0\n`));

    const json = await run(['inspect', `fixture:${path}`, '--json']);
    assert.is(json.code, 0);
    assert.is(json.stderr, '');
    // The cast: the fields are compared right here.
    const report = documentOf(json) as {
      valid: boolean;
      sections: { offset: number; size: number }[];
      identity?: { plugin_name: string };
      identityError?: { kind: string };
      contents: { imports: { provider: string }[] };
    };
    assert.is(report.valid, true);
    assert.is(report.identity?.plugin_name, identity?.split(' ')[0]);
    assert.is(report.identityError?.kind, identity === undefined ? rejected?.[1] : undefined);
    // The sections cover the file from its header to its end.
    let end = 8;
    for (const { offset, size } of report.sections) {
      assert.is(offset, end);
      end += size;
    }
    assert.is(end, bytes);
    assert.equal(
      report.contents.imports.filter(({ provider }) => provider !== 'kernel' && provider !== 'host'),
      [],
    );
  });
}

inspect('shows all parts of a plugin', async () => {
  const { stdout } = await run(['inspect', 'fixture:host-calls/host-calls.wasm']);
  assert.match(stdout, /^ {2}extism:host\/env\n {4}output_set +function {2}\(i64, i64\) -> \(\) +kernel function$/m);
  assert.match(
    stdout,
    /^ {2}extism:host\/user\n {4}cc_lb_storage_put +function {2}\(i64, i64\) -> \(\) +host function$/m,
  );
  assert.match(stdout, /^ {2}id {2}section +offset +size {2}name$/m);
  assert.match(stdout, /^ {2} 1 {2}type +8 +103$/m);
  assert.match(stdout, /^ {2}random_bytes +function \d+ +\(\) -> \(i32\)$/m);
  assert.match(stdout, /^Memories \(1\)\n {2}0 {2}defined {2}1 page \(65,536 bytes\), may grow without/m);
  assert.match(stdout, /^ {2}cc_lb_handshake +not exported$/m);
});

inspect('shows which imports nobody provides, and which have another type', async () => {
  const module = await wat(`(module
    (import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32)))
    (import "extism:host/env" "alloc" (func (param i32) (result i32)))
    (import "extism:host/env" "no_such" (func))
    (import "extism:host/user" "cc_lb_log" (global i32))
    (import "wasi_snapshot_preview1" "proc_exit" (func (param i32)))
    (import "env" "memory" (memory 2 16))
    (import "env" "table" (table 1 funcref))
    (import "env" "mutable" (global (mut i64)))
    (memory (export "memory2") 1)
    (func (export "filter") (param i32) (result i32) (i32.const 0))
    (func (export "observe"))
    (global (export "shape") i32 (i32.const 0))
    (func $start)
    (start $start))`);
  const { code, stdout } = await run(['inspect', 'm.wasm'], { files: { 'm.wasm': module } });
  // The module has two memories, which not every engine accepts.
  assert.is(code, WebAssembly.validate(new Uint8Array(module)) ? 0 : 1);
  const expected = [
    /^ {2}wasi_snapshot_preview1\n {4}fd_write +function +\(i32, i32, i32, i32\) -> \(i32\) +nobody provides it\n {4}proc_exit/m,
    /^ {4}alloc +function +\(i32\) -> \(i32\) +of another type, it is a function \(i64\) -> \(i64\)$/m,
    /^ {4}no_such +function +\(\) -> \(\) +nobody provides it$/m,
    /^ {4}cc_lb_log +global +i32 +of another type, it is a function \(i64, i64\) -> \(\)$/m,
    /^ {4}memory +memory +2 pages \(131,072 bytes\), may grow to 16 pages +nobody provides it$/m,
    /^ {4}table +table +1 or more of funcref +nobody provides it$/m,
    /^ {4}mutable +global +mutable i64 +nobody provides it$/m,
    /^ {2}memory2 +memory 1 +1 page/m,
    /^ {2}0 {2}imported {2}2 pages .*\n {2}1 {2}defined {3}1 page/m,
    /^ {2}filter +wrong type +\(i32\) -> \(i32\), but it must be \(\) -> \(i32\) or \(\) -> \(\)$/m,
    /^ {2}observe +exported +\(\) -> \(\)$/m,
    /^ {2}shape +wrong type +global, but it must be/m,
    /^ {2}3 defined; function 6 is the start function$/m,
  ];
  for (const pattern of expected) assert.match(stdout, pattern);
});

interface Malformed {
  readonly name: string;
  readonly content: Uint8Array | string;
  readonly kind: string;
  readonly byteOffset: number;
  /** How many sections are read before the fault. */
  readonly sections: number;
  readonly lines: readonly string[];
}

const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const router = await fixture('router/router.wasm');

const malformed: readonly Malformed[] = [
  {
    name: 'JSON',
    content: '{ "name": "x" }',
    kind: 'NotWebAssembly',
    byteOffset: 0,
    sections: 0,
    lines: ['a module begins with the bytes 00 61 73 6d (at byte 0)', 'the file begins with 7b 20 22 6e 61 6d 65 22\n'],
  },
  {
    name: 'an empty file',
    content: '',
    kind: 'NotWebAssembly',
    byteOffset: 0,
    sections: 0,
    lines: ['(at byte 0)', 'hint: Build the module again: the file is empty'],
  },
  {
    name: 'a component',
    content: Uint8Array.from([0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0]),
    kind: 'Component',
    byteOffset: 4,
    sections: 0,
    lines: ['a WebAssembly component, but a plugin is a core module', 'the file begins with 00 61 73 6d 0d 00 01 00\n'],
  },
  {
    name: 'a module of version 2',
    content: Uint8Array.from([0, 0x61, 0x73, 0x6d, 2, 0, 0, 0]),
    kind: 'UnsupportedVersion',
    byteOffset: 4,
    sections: 0,
    lines: ['version 2'],
  },
  {
    name: 'a module that is cut off',
    content: router.subarray(0, 20_000),
    kind: 'UnexpectedEnd',
    byteOffset: 20_000,
    sections: 11,
    lines: ['Identity\n  none: the module is malformed\n', 'Sections (11)\n'],
  },
  {
    name: 'a type section with a form that does not exist',
    content: Uint8Array.from([...header, 1, 2, 1, 0x77]),
    kind: 'UnknownEncoding',
    byteOffset: 11,
    sections: 1,
    lines: ['found the byte 0x77 (at byte 11)', 'Sections (1)\n'],
  },
];

for (const { name, content, kind, byteOffset, sections, lines } of malformed) {
  inspect(`reports the fault in ${name} and its place`, async () => {
    const files = { file: content };
    const text = await run(['inspect', 'file'], { files });
    assert.is(text.code, 1);
    assert.ok(text.stdout.startsWith('file: not a valid module, '));
    for (const line of [`\n  ${kind}: `, ...lines]) assert.match(text.stdout, line);
    const json = await run(['inspect', 'file', '--json'], { files });
    assert.is(json.code, 1);
    // The cast: the fields are compared right here.
    const report = documentOf(json) as {
      valid: boolean;
      error: { kind: string; byteOffset: number };
      sections: object[];
    };
    assert.is(report.valid, false);
    assert.is(report.error.kind, kind);
    assert.is(report.error.byteOffset, byteOffset);
    assert.is(report.sections.length, sections);
    assert.not.ok('contents' in report);
  });
}

inspect('shows the contents of a module that only the engine refuses', async () => {
  // One function of type () -> i32 whose body is empty.
  const invalid = [...header, 1, 5, 1, 0x60, 0, 1, 0x7f, 3, 2, 1, 0, 10, 4, 1, 2, 0, 0x0b];
  const { code, stdout } = await run(['inspect', 'm'], { files: { m: Uint8Array.from(invalid) } });
  assert.is(code, 1);
  assert.match(stdout, /^m: not a valid module, 25 bytes\n {2}InvalidModule: the engine refused the module: /);
  assert.match(stdout, 'Imports (0)\n  none\n');
});

inspect('keeps hostile names from the terminal', async () => {
  const hostile = 'x\u001b[2J\u009b\u202e\nfake: valid';
  const wide = `"${'\\78\\1b[2J\\c2\\9b\\e2\\80\\ae\\0afake: valid'}"`;
  const long = `"${'m'.repeat(9_000)}"`;
  const module = await wat(`(module (import ${wide} ${wide} (func)) (func (export ${wide})) (@custom ${wide} "")
    (memory (export ${long}) 1))`);
  const files = { [`file${hostile}`]: module };
  const text = await run(['inspect', `file${hostile}`], { files });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  assert.not.match(text.stdout, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  assert.is(text.stdout.split('x\\u{1b}[2J\\u{9b}\\u{202e}\\nfake: valid').length, 6);
  assert.match(text.stdout, 'mmm... (8500 more characters)');
  const json = await run(['inspect', `file${hostile}`, '--json'], { files });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  assert.not.match(json.stdout, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  assert.is(documentOf(json).file, `file${hostile}`);
});

inspect('reads standard input for -', async () => {
  const { code, stdout } = await run(['inspect', '-'], { stdin: router });
  assert.is(code, 0);
  assert.match(stdout, /^standard input: valid module/);
});

inspect('colours on a terminal', async () => {
  const { stdout } = await run(['inspect', 'fixture:router/router.wasm'], { color: true });
  assert.match(stdout, '\u001b[32mvalid module\u001b[39m');
  assert.match(stdout, '\u001b[1mImports (8)\u001b[22m');
});

inspect('shows what metering adds with --metered', async () => {
  const bytes = await fixture('router/router.wasm');
  const { code, stdout } = await run(['inspect', 'fixture:router/router.wasm', '--metered']);
  assert.is(code, 0);
  const after = preparePlugin(bytes, { kernel: 'instance' }).length;
  assert.match(
    stdout,
    /\nMetering\n {2}before +[\d,]+ bytes\n {2}after +[\d,]+ bytes \(\+\d+\.\d %\)\n {2}written in +\d+\.\d ms\n/,
  );
  assert.match(stdout, /^ {2}import {2}meter tick +function {2}\(i32, i32\) -> \(i32\)$/m);
  assert.match(stdout, /^ {2}export {2}meter counter +global$/m);
  assert.match(stdout, /^ {2}custom +0 +[\d,]+ {2}cc_lb\.metering$/m);

  const json = documentOf(await run(['inspect', 'fixture:router/router.wasm', '--metered', '--json']));
  // The cast: the fields are compared right here.
  const metering = json.metering as {
    bytesBefore: number;
    bytesAfter: number;
    imports: { name: string }[];
    exports: { name: string; kind: string }[];
    functions: number;
    globals: number;
    sections: { before: number; after: number }[];
  };
  assert.equal([metering.bytesBefore, metering.bytesAfter], [bytes.length, after]);
  assert.equal(
    metering.imports.map(({ name }) => name),
    ['tick', 'take_pages', 'take_entries', 'clamp_wait'],
  );
  assert.ok(metering.functions > 0);
  // There is also one, not exported, for each function that is not small.
  assert.ok(metering.globals > metering.exports.filter(({ kind }) => kind === 'global').length);
  const sum = (side: 'before' | 'after'): number =>
    metering.sections.reduce((total, section) => total + section[side], 8);
  assert.equal([sum('before'), sum('after')], [bytes.length, after]);
});

inspect('reports with --metered why a valid module cannot be metered, and ends with 0', async () => {
  const wait = '(drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 0)))';
  const files = { 'waits.wasm': await wat(`(module (memory 1 1 shared) (func ${wait}))`) };
  const { code, stdout } = await run(['inspect', 'waits.wasm', '--metered'], { files });
  assert.is(code, 0);
  assert.match(stdout, /^waits\.wasm: valid module, /);
  assert.match(stdout, /\nMetering\n {2}not possible: FeatureRefused: .+\n$/);
});

inspect('says that a module is prepared, and who provides what preparation added', async () => {
  const files = {
    'prepared.wasm': preparePlugin(await fixture('router/router.wasm'), { kernel: kernelOfPrepared }),
  };
  const { code, stdout } = await run(['inspect', 'prepared.wasm'], { files });
  assert.is(code, 0);
  assert.match(stdout, /^prepared\.wasm: valid module, [\d,]+ bytes, prepared\n/);
  assert.match(stdout, /^ {4}tick +function {2}\(i32, i32\) -> \(i32\) +the meter$/m);
  assert.not.match(stdout, 'nobody provides it');
  assert.is(documentOf(await run(['inspect', 'prepared.wasm', '--json'], { files })).prepared, true);
  assert.is(documentOf(await run(['inspect', 'fixture:router/router.wasm', '--json'])).prepared, false);
});

inspect.run();
