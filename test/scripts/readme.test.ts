// Every piece of TypeScript in README.md is a program: it compiles, and runs to its end, with the entries of the package from src.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findNode } from '../../scripts/runtimes.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
// The project's own file; where it is otherwise, no import resolves.
const { exports: entries } = JSON.parse(read('jsr.json')) as { readonly exports: Readonly<Record<string, string>> };

const PACKAGE = 'cc-lb-runtime-protocol';
const folder = mkdtempSync(join(tmpdir(), 'readme-'));

/** The pieces of TypeScript and JavaScript in a text. */
function snippetsOf(text: string): string[] {
  return [...text.matchAll(/^```(?:ts|js)\n(.*?)^```$/gms)].map(([, code = '']) => code);
}

/** Imports of the package as imports of the files of src that its entries are built from. */
function fromSource(code: string): string {
  return code.replace(/ from '([^']+)'/g, (whole, name: string) => {
    if (name !== PACKAGE && !name.startsWith(`${PACKAGE}/`)) return whole;
    const source = entries[name.replace(PACKAGE, '.')] ?? assert.unreachable(`there is no entry ${name}`);
    return ` from '${relative(folder, join(root, String(source))).replaceAll('\\', '/')}'`;
  });
}

const readme = suite('the snippets of README.md');
const snippets = snippetsOf(read('README.md'));
const files = snippets.map((_, index) => join(folder, `snippet-${index + 1}.ts`));

readme.before(() => {
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  for (const [index, file] of files.entries()) writeFileSync(file, fromSource(snippets[index] ?? ''));
});
readme.after(() => rmSync(folder, { recursive: true }));

readme('are found, and leave nothing out', () => {
  assert.equal(snippetsOf('a\n```ts\nb\n```\n```sh\nc\n```\n```js\nd\n```\n'), ['b\n', 'd\n']);
  assert.ok(snippets.length >= 4, `${snippets.length} snippets`);
  for (const snippet of snippets) assert.match(snippet, ` from '${PACKAGE}`);
});

readme('compile', () => {
  const runtime = findNode();
  if (runtime === undefined)
    return console.log('skipped: compiling the snippets of README.md: no Node on this machine');
  const project = join(folder, 'tsconfig.json');
  const compilerOptions = { typeRoots: [join(root, 'node_modules/@types')], noUnusedLocals: true };
  writeFileSync(project, JSON.stringify({ extends: join(root, 'tsconfig.json'), compilerOptions, include: ['*.ts'] }));
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const { status, stdout, stderr } = spawnSync(runtime.command, [compiler, '--project', project], { encoding: 'utf8' });
  assert.is(stdout + stderr, '');
  assert.is(status, 0);
});

for (const [index, file] of files.entries()) {
  const [title] = /^import .*$/m.exec(snippets[index] ?? '') ?? [''];
  readme(`run to their end, number ${index + 1}: ${title}`, async () => {
    const { log } = console;
    console.log = () => undefined;
    try {
      await import(pathToFileURL(file).href);
    } finally {
      console.log = log;
    }
  });
}

readme.run();
