import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { commands } from '../../../src/cli/commands/index.ts';
import { type TemplateLanguage, templateKinds, templateLanguages } from '../../../src/cli/new/languages.ts';
import type { Io } from '../../../src/cli/program/command.ts';
import { createFile, makeFolder } from '../../../src/cli/program/folders.ts';
import { runProgram } from '../../../src/cli/program/program.ts';
import { recordedIo } from '../recorded-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'cc-lb-plugin-new-'));
const newPlugin = suite('new');
newPlugin.after(() => rmSync(folder, { recursive: true }));

const ROUTER = ['--language', 'rust', '--kind', 'router'];
const languages: Readonly<Record<string, TemplateLanguage>> = templateLanguages;
const templates = Object.entries(languages).flatMap(([language, { kinds }]) =>
  Object.entries(kinds).map(([kind, folders]) => ({ language, kind, folders })),
);

/** Runs the command on the file system of this machine. */
async function run(args: readonly string[], replaced: Partial<Io> = {}) {
  const recorded = recordedIo();
  const io: Io = { ...recorded, makeFolder, createFile, ...replaced };
  const code = await runProgram({ commands, version: '1.2.3' }, ['new', ...args], io);
  return { code, ...recorded.printed };
}

/** The texts of all files in a folder, by path from there on. */
function textsIn(root: string): Record<string, string> {
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) =>
    statSync(join(root, path)).isFile(),
  );
  return Object.fromEntries(
    paths.map((path) => [path.replaceAll('\\', '/'), readFileSync(join(root, path), 'utf8')]).sort(),
  );
}

/** What the command must write for a template, without its code: each placeholder on its own. */
function expectedTexts(folders: readonly string[], name: string): Record<string, string> {
  const texts = folders.map((path) => textsIn(fileURLToPath(new URL(`../../../templates/${path}`, import.meta.url))));
  const named = texts.flatMap((files) =>
    Object.entries(files).map(([path, text]): [string, string] => [
      path === 'gitignore' ? '.gitignore' : path,
      text.split('my-plugin').join(name).split('my_plugin').join(name.replace(/-/g, '_')),
    ]),
  );
  assert.is(new Set(named.map(([path]) => path)).size, named.length, 'two folders of a template have the same path');
  return Object.fromEntries(named.sort());
}

for (const { language, kind, folders } of templates) {
  const name = `zz-${language}-9_${kind}`;
  const target = join(folder, name);

  newPlugin(`writes every file of ${language}/${kind}, with the name`, async () => {
    const { code, stdout, stderr } = await run([target, '--language', language, '--kind', kind]);
    assert.equal([code, stderr], [0, '']);
    const written = textsIn(target);
    assert.equal(written, expectedTexts(folders, name));
    assert.not.match(JSON.stringify(written), /my[-_]plugin/);
    assert.ok(
      stdout.endsWith(`\n${Object.keys(written).length} files\n  ${Object.keys(written).join('\n  ')}\n`),
      stdout,
    );
  });

  newPlugin(`${language}/${kind} follows the rules for templates`, () => {
    const written = textsIn(target);
    for (const [path, text] of Object.entries(written)) {
      assert.not.match(text, /[\r\ufffd]/, path);
      assert.ok(text.endsWith('\n'), `${path} must end with a line end`);
      assert.not.match(path, /(^|\/)(gitignore|\.npmignore|\.npmrc)$/);
    }
    const { build = [], test = '', wasm = '' } = languages[language] ?? {};
    const output = wasm.replace('my-plugin', name).replace('my_plugin', name.replaceAll('-', '_'));
    for (const part of [...build, test, output, 'cc-lb-plugin conformance'])
      assert.ok(written['README.md']?.includes(part), `README.md must have ${part}`);
    assert.ok(written['.gitignore'] !== undefined);
    assert.match(JSON.stringify(written), /0\.1\.0/);
  });
}

const missing = Object.entries(languages).flatMap(([language, { kinds }]) =>
  templateKinds.filter((kind) => !(kind in kinds)).map((kind) => ({ language, kind, has: Object.keys(kinds) })),
);
for (const { language, kind, has } of missing) {
  newPlugin(`refuses ${language}/${kind}, and says which kinds the language has`, async () => {
    const { code, stderr } = await run([join(folder, 'missing'), '--language', language, '--kind', kind]);
    assert.is(code, 2);
    const expected = `one that --language ${language} has: ${has.join(', ')}`;
    assert.is(stderr, `error: --kind is '${kind}', but must be ${expected}\n\nTry: cc-lb-plugin new --help\n`);
  });
}

newPlugin('has a template of every folder in templates/', () => {
  const root = fileURLToPath(new URL('../../../templates/', import.meta.url));
  const used = new Set(templates.flatMap(({ folders }) => folders));
  const there = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name: language }) => readdirSync(join(root, language)).map((name) => `${language}/${name}`));
  assert.equal([...used].sort(), there.sort());
});

newPlugin('prints the commands that build, test and verify the plugin', async () => {
  const target = join(folder, 'next steps');
  const { stdout } = await run([target, ...ROUTER, '--name', 'next']);
  const wasm = 'target/wasm32-unknown-unknown/release/next.wasm';
  const steps = [
    `cd '${target}'`,
    'cargo wasm',
    'cargo test',
    `npx -p cc-lb-runtime-protocol cc-lb-plugin conformance ${wasm}`,
  ];
  assert.ok(
    stdout.startsWith(`next: written to ${target}, router in Rust\n\nNext\n  ${steps.join('\n  ')}\n\n`),
    stdout,
  );
});

newPlugin('prints the same as JSON with --json', async () => {
  const target = join(folder, 'json');
  const { code, stdout } = await run([target, ...ROUTER, '--json']);
  const { next, files, ...rest } = JSON.parse(stdout);
  assert.is(code, 0);
  assert.equal(rest, { version: 1, language: 'rust', kind: 'router', name: 'json', folder: target });
  assert.equal(files, Object.keys(textsIn(target)));
  assert.equal([next.length, next[0]], [4, `cd ${target}`]);
});

newPlugin('takes an empty folder, also by a path that ends with a slash', async () => {
  const target = join(folder, 'empty');
  mkdirSync(target);
  assert.is((await run([`${target}/`, ...ROUTER])).code, 0);
  assert.match(readFileSync(join(target, 'Cargo.toml'), 'utf8'), '\nname = "empty"\n');
});

newPlugin('takes a path from the current folder on, and an option-like one after --', async () => {
  const target = relative(process.cwd(), join(folder, 'relative'));
  assert.is((await run([target, ...ROUTER])).code, 0);
  assert.ok(existsSync(join(folder, 'relative', 'Cargo.toml')));
  const { code, stdout } = await run([...ROUTER, '--name', 'dash', '--', '-dash'], {
    makeFolder: async () => undefined,
    createFile: async () => undefined,
  });
  assert.is(code, 0);
  assert.match(stdout, '\n  cd ./-dash\n');
});

newPlugin('leaves out cd for the current folder', async () => {
  const { stdout } = await run(['.', ...ROUTER, '--name', 'here'], {
    makeFolder: async () => undefined,
    createFile: async () => undefined,
  });
  assert.match(stdout, '\nNext\n  cargo wasm\n');
});

/** A folder with a file of the author's, which no refusal may change. */
function occupied(name: string): string {
  const target = join(folder, name);
  mkdirSync(target);
  writeFileSync(join(target, 'README.md'), 'mine\n');
  return target;
}

newPlugin('refuses a folder that is not empty, and changes nothing in it', async () => {
  const target = occupied('occupied');
  const { code, stdout, stderr } = await run([target, ...ROUTER]);
  assert.equal([code, stdout, stderr], [2, '', `error: cannot write ${target}: the folder is not empty\n`]);
  assert.equal(textsIn(target), { 'README.md': 'mine\n' });
});

newPlugin('refuses a file', async () => {
  const target = join(occupied('with-file'), 'README.md');
  const { code, stderr } = await run([target, ...ROUTER, '--name', 'readme']);
  assert.equal([code, stderr], [2, `error: cannot write ${target}: it is a file, not a folder\n`]);
  assert.is(readFileSync(target, 'utf8'), 'mine\n');
});

for (const [what, end] of [
  ['a folder', ''],
  ['a folder, with a slash at its end', '/'],
  ['nothing', ''],
] as const) {
  newPlugin(`refuses a symbolic link to ${what}`, async () => {
    const name = what.replace(/\W+/g, '-').replace(/^a-/, '');
    const place = join(folder, `target-of-${name}`);
    if (what !== 'nothing') mkdirSync(place);
    const link = join(folder, name);
    try {
      symlinkSync(place, link);
    } catch (error) {
      return console.log(`skipped: symbolic links: this machine makes none: ${error}`);
    }
    const { code, stderr } = await run([`${link}${end}`, ...ROUTER]);
    assert.equal([code, stderr], [2, `error: cannot write ${link}: it is a symbolic link\n`]);
    assert.equal(existsSync(place) ? readdirSync(place) : [], []);
  });
}

newPlugin('refuses a folder in one that does not exist', async () => {
  const target = join(folder, 'no', 'such');
  const { code, stderr } = await run([target, ...ROUTER]);
  assert.equal([code, stderr], [2, `error: cannot write ${target}: no such folder\n`]);
  assert.not(existsSync(join(folder, 'no')));
});

newPlugin('refuses a folder in one that it may not write to', async () => {
  const { code, stderr } = await run(['denied', ...ROUTER], {
    makeFolder: async () => {
      throw Object.assign(new Error('mkdir'), { code: 'EACCES' });
    },
  });
  assert.is(code, 2);
  assert.match(stderr, /^error: cannot write .*denied: permission is denied\n$/);
});

newPlugin('says what is written if a file cannot be written', async () => {
  const target = join(folder, 'half');
  const { code, stdout, stderr } = await run([target, ...ROUTER], {
    createFile: async (path, bytes) => {
      if (path.endsWith('Cargo.toml')) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
      await createFile(path, bytes);
    },
  });
  const written = '.cargo/config.toml, .gitignore, Cargo.lock';
  const done = `written so far: ${written}. Empty the folder before you try again`;
  assert.equal([code, stdout], [2, '']);
  assert.is(stderr, `error: cannot write Cargo.toml in ${target}: no space is left; ${done}\n`);
  assert.is(Object.keys(textsIn(target)).join(', '), written);
});

newPlugin('does not replace a file that appears while it writes', async () => {
  const target = join(folder, 'race');
  const { code, stderr } = await run([target, ...ROUTER, '--json'], {
    makeFolder: async (path) => {
      await makeFolder(path);
      writeFileSync(join(path, 'Cargo.toml'), 'mine\n');
    },
  });
  assert.is(code, 2);
  assert.match(stderr, /^error: cannot write Cargo\.toml in .*race: it exists already; written so far: \.cargo/);
  assert.is(readFileSync(join(target, 'Cargo.toml'), 'utf8'), 'mine\n');
});

newPlugin('writes nothing through a link that appears while it writes', async () => {
  const place = join(folder, 'outside');
  const { code, stderr } = await run([join(folder, 'lured'), ...ROUTER], {
    makeFolder: async (path) => {
      await makeFolder(path);
      symlinkSync(place, join(path, 'Cargo.toml'));
    },
  });
  assert.is(code, 2);
  assert.match(stderr, ': it exists already; ');
  assert.not(existsSync(place));
});

const rule = 'the plugin name must match ^[a-z][a-z0-9_-]*$, with at most 64 bytes';
const unlessNamed = 'a folder with a name that a plugin may have, unless --name is given';
const mistakes: Readonly<Record<string, readonly [args: readonly string[], message: string]>> = {
  'no DIR': [ROUTER, "missing required argument 'DIR'"],
  'no language': [
    ['x', '--kind', 'router'],
    "required option '--language <LANGUAGE>' not specified: one of rust, assemblyscript, c, zig",
  ],
  'no kind': [
    ['x', '--language', 'rust'],
    "required option '--kind <KIND>' not specified: one of router, dialect, signer, observer, filter, shape",
  ],
  'an empty DIR': [['', ...ROUTER], "DIR is '', but must be the path of a folder"],
  'a DIR that would clear the screen': [
    ['\u001b[2J', ...ROUTER, '--name', 'x'],
    "DIR is '\\u{1b}[2J', but must be a path without control characters",
  ],
  'a DIR with a NUL': [['a\0b', ...ROUTER], "DIR is 'a\\u{0}b', but must be a path without control characters"],
  'a DIR that reorders text': [
    ['a\u202eb', ...ROUTER],
    "DIR is 'a\\u{202e}b', but must be a path without control characters",
  ],
  'a DIR whose name a plugin may not have': [
    ['plugins/My Router', ...ROUTER],
    `DIR is 'My Router', but must be ${unlessNamed}: ${rule} (Did you mean --name my-router?)`,
  ],
  'a DIR that is the root': [['/', ...ROUTER], `DIR is '', but must be ${unlessNamed}: the plugin name is empty`],
  'a name in capitals': [
    ['x', ...ROUTER, '--name', 'Router'],
    `--name is 'Router', but must be one that a plugin may have: ${rule} (Did you mean router?)`,
  ],
  'a name without a letter': [
    ['x', ...ROUTER, '--name', '42'],
    `--name is '42', but must be one that a plugin may have: ${rule}`,
  ],
  'a name that leaves the folder': [
    ['x', ...ROUTER, '--name', '../x'],
    `--name is '../x', but must be one that a plugin may have: ${rule} (Did you mean x?)`,
  ],
  'an empty name': [
    ['x', ...ROUTER, '--name='],
    "--name is '', but must be one that a plugin may have: the plugin name is empty",
  ],
  'a name with a quote': [
    ['x', ...ROUTER, '--name', 'a"b'],
    `--name is 'a"b', but must be one that a plugin may have: ${rule} (Did you mean a-b?)`,
  ],
  'a name with 65 letters': [
    ['x', ...ROUTER, '--name', 'a'.repeat(65)],
    `--name is '${'a'.repeat(65)}', but must be one that a plugin may have: ${rule} (Did you mean ${'a'.repeat(64)}?)`,
  ],
  'an unknown language': [
    ['x', '--language', 'rsut', '--kind', 'router'],
    `--language is 'rsut', but must be one of ${Object.keys(languages).join(', ')} (Did you mean rust?)`,
  ],
  'an unknown kind': [
    ['x', '--language', 'rust', '--kind', 'ruoter'],
    "--kind is 'ruoter', but must be one of router, dialect, signer, observer, filter, shape (Did you mean router?)",
  ],
};
for (const [what, [args, message]] of Object.entries(mistakes)) {
  newPlugin(`refuses ${what}`, async () => {
    const made: string[] = [];
    const { code, stdout, stderr } = await run(args, { makeFolder: async (path) => void made.push(path) });
    assert.is(stderr, `error: ${message}\n\nTry: cc-lb-plugin new --help\n`);
    assert.equal([code, stdout, made], [2, '', []]);
  });
}

newPlugin.run();
