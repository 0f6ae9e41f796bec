// package.json, jsr.json and the build name the same entries, the same version and the same
// licence.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { PACKAGE_VERSION } from '../../src/version.ts';

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

interface Manifest {
  readonly version: string;
  readonly license: string;
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
  readonly bin: Readonly<Record<string, string>>;
  readonly files: readonly string[];
  readonly sideEffects: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
}

// The casts: these are the project's own files, and each test fails where one is otherwise.
const manifest = JSON.parse(read('package.json')) as Manifest;
const jsr = JSON.parse(read('jsr.json')) as {
  readonly version: string;
  readonly license: string;
  readonly exports: Readonly<Record<string, string>>;
};
const lock = JSON.parse(read('package-lock.json')) as { readonly version: string };

const entries = Object.entries(manifest.exports).flatMap(([name, target]) =>
  typeof target === 'string' ? [] : [{ name, ...target }],
);

const packageFiles = suite('package files');

packageFiles('versions and licences agree', () => {
  assert.is(jsr.version, manifest.version);
  assert.is(lock.version, manifest.version);
  assert.is(PACKAGE_VERSION, manifest.version, 'src/version.ts');
  assert.is(jsr.license, manifest.license);
  assert.match(read('LICENSE'), 'Apache License');
});

packageFiles('package.json and jsr.json have the same entries in the same order', () => {
  assert.equal(
    Object.keys(jsr.exports),
    entries.map(({ name }) => name),
  );
  assert.is(manifest.exports['./package.json'], './package.json');
});

for (const { name, types, default: module } of entries) {
  packageFiles(`the entry ${name} is built from a file of src`, () => {
    const source = jsr.exports[name] ?? '';
    assert.ok(source.startsWith('./src/'), source);
    assert.ok(existsSync(new URL(source, root)), `${source} does not exist`);
    assert.is(module, source.replace('./src/', './dist/').replace(/\.ts$/, '.js'));
    assert.is(types, source.replace('./src/', './dist/').replace(/\.ts$/, '.d.ts'));
  });
}

packageFiles('nothing is needed at run time', () => {
  assert.is(manifest.dependencies, undefined);
});

packageFiles('only the scripts of workers and processes do something when they are imported', () => {
  const scripts = entries.filter(({ name }) => ['./host/worker', './host/process'].includes(name));
  assert.equal(
    manifest.sideEffects,
    scripts.map((script) => script.default),
  );
});

packageFiles('the command is a file that the package holds, and its source exists', () => {
  const [command] = Object.values(manifest.bin);
  assert.ok(command !== undefined && manifest.files.includes(command));
  assert.match(read('scripts/cc-lb-plugin.mjs'), /^#!\/usr\/bin\/env node\n/);
  assert.ok(existsSync(new URL('src/cli/main.ts', root)));
});

packageFiles('npm packs every file of templates/, also those whose names begin with a dot', () => {
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const npm = spawnSync('npm', args, {
    cwd: fileURLToPath(root),
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (npm.error !== undefined) return console.log(`skipped: what npm packs: ${npm.error.message}`);
  // The cast: what npm prints; the comparison fails if it is otherwise.
  const [packed] = JSON.parse(npm.stdout) as { files: { path: string }[] }[];
  const templates = readdirSync(new URL('templates/', root), { recursive: true, encoding: 'utf8' })
    .map((path) => `templates/${path.replaceAll('\\', '/')}`)
    .filter((path) => statSync(new URL(path, root)).isFile());
  const paths = packed?.files.map(({ path }) => path).filter((path) => path.startsWith('templates/'));
  assert.equal(paths?.sort(), templates.sort());
  assert.ok(templates.includes('templates/rust/common/.cargo/config.toml'));
});

packageFiles.run();
