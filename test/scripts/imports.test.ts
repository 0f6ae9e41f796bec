// The rule of imports of scripts/docs/rooms.ts holds for src.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isAllowed, ROOT, roomOf } from '../../scripts/docs/import-rule.ts';
import { filesThatReach, importsOf, readImports, type SourceImport, sourceFiles } from '../../scripts/docs/imports.ts';
import { IMPORT_EXCEPTIONS, ROOMS } from '../../scripts/docs/rooms.ts';

const rule = suite('the rule of imports');
const imports = readImports();
const names = Object.keys(ROOMS);

const isExcepted = (edge: SourceImport): boolean =>
  IMPORT_EXCEPTIONS.some(({ from, to }) => from === edge.from && to === edge.to);
const text = ({ from, to }: { from: string; to: string }): string => `${from} -> ${to}`;

const missingFrom = (list: readonly string[], other: readonly string[]): string[] =>
  other.filter((each) => !list.includes(each));

/** Files of protocol that load the rewriter. The list may only shrink, to the entry functions. */
const PROTOCOL_FILES_THAT_REACH_REWRITE: readonly string[] = ['src/protocol/admit.ts'];

rule('has a row for each folder of src, and a folder for each row', () => {
  const found = new Set(sourceFiles().map((file) => roomOf(file, ROOMS)));
  found.delete(ROOT);
  assert.equal([...found].sort(), [...names].sort());
});

rule('is ordered from the bottom up', () => {
  for (const [index, [name, room]] of Object.entries(ROOMS).entries()) {
    for (const imported of room.imports) {
      const last = names.findLastIndex((other) => other === imported || other.startsWith(`${imported}/`));
      // The index of a folder imports its parts, which stand above it.
      const isOwnFolder = name === `${imported}/index`;
      const isRoot = name.startsWith(`${imported}/`) && names.includes(imported);
      const place = isRoot ? names.indexOf(imported) : isOwnFolder ? index - 1 : last;
      assert.ok(place >= 0 && place < index, `${name} imports ${imported}, which has no row above it`);
    }
  }
});

rule('holds for every import', () => {
  const broken = imports.filter((edge) => !isAllowed(edge, ROOMS) && !isExcepted(edge)).map(text);
  assert.equal(broken, []);
});

rule('has no exception that is not needed', () => {
  for (const exception of IMPORT_EXCEPTIONS) {
    const edge = imports.find(({ from, to }) => from === exception.from && to === exception.to);
    assert.ok(edge !== undefined && !isAllowed(edge, ROOMS), `no longer needed: ${text(exception)}`);
    assert.ok(exception.reason.length > 20, text(exception));
  }
});

rule('allows what a row names, and nothing else', () => {
  const allows = (from: string, to: string): boolean => isAllowed({ from, to, typeOnly: false }, ROOMS);
  assert.ok(allows('src/kernel/kernel.ts', 'src/wasm/emit/assembler.ts'));
  assert.ok(allows('src/kernel/kernel.ts', 'src/failure.ts'));
  assert.ok(allows('src/kernel/kernel.ts', 'src/kernel/code/emit.ts'));
  assert.not.ok(allows('src/kernel/kernel.ts', 'src/plugin/index.ts'));
  assert.not.ok(allows('src/kernel/kernel.ts', 'src/index.ts'));
  assert.not.ok(allows('src/failure.ts', 'src/kernel/kernel.ts'));
  assert.not.ok(allows('src/new-folder/file.ts', 'src/kernel/kernel.ts'));
  assert.ok(allows('src/wasm/grammar/module.ts', 'src/wasm/encoding/types.ts'));
  assert.not.ok(allows('src/wasm/encoding/types.ts', 'src/wasm/grammar/module.ts'));
  assert.not.ok(allows('src/wasm/grammar/module.ts', 'src/wasm/index.ts'));
  assert.ok(allows('src/metering/run/meter.ts', 'src/metering/layout.ts'));
  assert.not.ok(allows('src/metering/layout.ts', 'src/metering/run/meter.ts'));
  assert.not.ok(allows('src/metering/run/meter.ts', 'src/metering/index.ts'));
});

rule('sees all imports that esbuild sees', async () => {
  const files = sourceFiles();
  const { metafile } = await build({
    absWorkingDir: fileURLToPath(new URL('../../', import.meta.url)),
    entryPoints: files,
    outdir: 'dist',
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    external: ['node:*'],
  });
  // What lies in node_modules is bundled too, and is not looked at.
  const isOwn = (path: string): boolean => path.startsWith('src/');
  const bundled = Object.entries(metafile.inputs)
    .filter(([from]) => isOwn(from))
    .flatMap(([from, input]) =>
      input.imports.filter(({ path }) => isOwn(path)).map(({ path: to }) => text({ from, to })),
    );
  const loaded = imports.filter(({ typeOnly }) => !typeOnly).map(text);
  assert.ok(bundled.length > 300, `${bundled.length} imports`);
  assert.equal(missingFrom(loaded, bundled), []);
  assert.equal(missingFrom(bundled, loaded), []);
  for (const { to } of imports) assert.ok(existsSync(new URL(`../../${to}`, import.meta.url)), to);
});

rule('reads every form of import', () => {
  const source = `import type { A } from './a.ts';
import {
  b,
  type C,
} from './b.ts';
import * as d from '../d.ts';
import './e.ts';
export * from './f.ts';
export type { G } from './g.ts';
// import { h } from './h.ts';
/*
import { i } from './i.ts';
*/
import process from 'node:process';
const j = await import('./j.ts');
type K = typeof import('./k.ts');
`;
  assert.equal(
    importsOf('src/x/y.ts', source).map(({ to, typeOnly }) => `${to}${typeOnly ? ' (type)' : ''}`),
    [
      'src/x/a.ts (type)',
      'src/x/b.ts',
      'src/d.ts',
      'src/x/e.ts',
      'src/x/f.ts',
      'src/x/g.ts (type)',
      'src/x/j.ts',
      'src/x/k.ts (type)',
    ],
  );
});

rule('lets nothing in protocol load the rewriter but what is listed', () => {
  const reaching = filesThatReach(imports, 'src/metering/rewrite/').filter((file) => file.startsWith('src/protocol/'));
  assert.equal(reaching, PROTOCOL_FILES_THAT_REACH_REWRITE);
});

rule('follows imports to their end', () => {
  const edge = (from: string, to: string, typeOnly = false): SourceImport => ({ from, to, typeOnly });
  const chain = [
    edge('a', 'b'),
    edge('b', 'r/c'),
    edge('d', 'a', true),
    edge('e', 'd'),
    edge('f', 'a'),
    edge('r/c', 'g'),
  ];
  assert.equal(filesThatReach(chain, 'r/'), ['a', 'b', 'f']);
});

rule.run();
