// Each piece of TypeScript or JavaScript in README.md, TELEMETRY.md and docs/ is a program: it
// compiles, and runs to its end, with the entries of the package from src.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findNode } from '../../scripts/runtimes.mjs';
import { decodeArchiveJson } from '../../src/hooks/json-form.ts';
import { FilterRequest } from '../../src/hooks/messages/filter.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
// The project's own file; where it is otherwise, no import resolves.
const { exports: entries } = JSON.parse(read('jsr.json')) as { readonly exports: Readonly<Record<string, string>> };

const PACKAGE = 'cc-lb-runtime-protocol';
const folder = mkdtempSync(join(tmpdir(), 'readme-'));

/** Packages of test/modules that snippets import, and the file that each name stands for. */
const MODULES: Readonly<Record<string, string>> = {
  'sql.js': 'sql.js/dist/sql-wasm.js',
  'sql.js/dist/sql-wasm.wasm': 'sql.js/dist/sql-wasm.wasm',
};

/** The SDK of Extism, whose programs stand beside those of this package. */
const EXTISM = '@extism/extism';

/** A program in a document. */
interface Snippet {
  readonly document: string;
  readonly code: string;
  /** Where it is written to: TypeScript is compiled too. */
  readonly file: string;
}

/** The pieces of TypeScript and JavaScript in a text. */
function snippetsOf(text: string): { language: string; code: string }[] {
  return [...text.matchAll(/^```(ts|js)\n(.*?)^```$/gms)].map(([, language = '', code = '']) => ({ language, code }));
}

const addressOf = (path: string): string => pathToFileURL(join(root, path)).href;

/** The address of what a snippet names: a file of src, or of a package in test/modules. */
function addressOfImport(name: string): string | undefined {
  if (name === PACKAGE || name.startsWith(`${PACKAGE}/`)) {
    const source = entries[name.replace(PACKAGE, '.')] ?? assert.unreachable(`there is no entry ${name}`);
    return relative(folder, join(root, String(source))).replaceAll('\\', '/');
  }
  if (name === EXTISM) return import.meta.resolve('extism-1');
  const { [name]: file } = MODULES;
  return file && addressOf(`test/modules/node_modules/${file}`);
}

/** A snippet whose imports lead to files of this project. */
function fromSource(code: string): string {
  return code.replace(/(?<= from |resolve\()'([^']+)'/g, (whole, name: string) => {
    const address = addressOfImport(name);
    return address === undefined ? whole : `'${address}'`;
  });
}

const readme = suite('the snippets of README.md, TELEMETRY.md and docs/');
const documents = [
  'README.md',
  'TELEMETRY.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const snippets: readonly Snippet[] = documents
  .flatMap((document) => snippetsOf(read(document)).map((snippet) => ({ document, ...snippet })))
  .map(({ language, ...snippet }, index) => {
    return { ...snippet, file: join(folder, `snippet-${index + 1}.${language === 'ts' ? 'ts' : 'mjs'}`) };
  });

/** The package of test/modules that a snippet needs and this machine lacks. */
function missingPackage(code: string): string | undefined {
  const needed = Object.entries(MODULES).find(([name]) => code.includes(` from '${name}'`));
  return needed !== undefined && !existsSync(join(root, 'test/modules/node_modules', needed[1]))
    ? needed[0]
    : undefined;
}

readme.before(() => {
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  // For the packages that snippets import, such as prom-client.
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  for (const { file, code } of snippets) writeFileSync(file, fromSource(code));
});
readme.after(() => rmSync(folder, { recursive: true }));

readme('are found, and leave nothing out', () => {
  const found = snippetsOf('a\n```ts\nb\n```\n```sh\nc\n```\n```js\nd\n```\n').map(({ code }) => code);
  assert.equal(found, ['b\n', 'd\n']);
  assert.ok(snippets.length >= 5, `${snippets.length} snippets`);
  for (const { document, code } of snippets) {
    assert.ok(
      [PACKAGE, EXTISM].some((name) => code.includes(` from '${name}`)),
      document,
    );
  }
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

readme('the request as JSON in docs/HOOKS.md is one of filter', () => {
  const [, text = ''] = /^```json\n(.*?)^```$/ms.exec(read('docs/HOOKS.md')) ?? [];
  assert.is(decodeArchiveJson(FilterRequest, text).candidates.length, 1);
});

for (const { document, code, file } of snippets) {
  const [title] = /^import .*$/m.exec(code) ?? [''];
  readme(`run to their end, ${document}: ${title}`, async () => {
    const missing = missingPackage(code);
    if (missing !== undefined) {
      return console.log(`skipped: a snippet of ${document}: ${missing} is not installed (npm run test:modules does)`);
    }
    const { log } = console;
    const lines: unknown[][] = [];
    console.log = (...line: unknown[]) => lines.push(line);
    try {
      await import(pathToFileURL(file).href);
    } finally {
      console.log = log;
    }
    // What a comment says that a line prints is all that is printed.
    const [, expected] = /console\.log\([^\n]*; \/\/ prints (.+)$/m.exec(code) ?? [];
    if (expected !== undefined) assert.is(lines.map((line) => line.join(' ')).join('\n'), expected);
  });
}

readme.run();
