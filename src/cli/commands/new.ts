import { basename, resolve } from 'node:path';
import { escapeUnprintable, printable } from '../../printable.ts';
import { type TemplateLanguage, templateKinds, templateLanguages } from '../new/languages.ts';
import { nameFault, nearestName } from '../new/plugin-name.ts';
import { filesOf, nameIn } from '../new/template.ts';
import { DOCUMENT_VERSION, jsonDocument } from '../output/json-document.ts';
import { type Paint, painter } from '../output/terminal.ts';
import { defineCommand, EXIT, PROGRAM } from '../program/command.ts';
import { invalidValue } from '../program/command-line-error.ts';
import { writeFolder } from '../program/input-file.ts';

const languages: Readonly<Record<string, TemplateLanguage>> = templateLanguages;

/** The kinds of each language, for the help. */
const kindsByLanguage = Object.entries(languages).map(([language, { kinds }]) => {
  const names = Object.keys(kinds);
  return `- ${language}: ${names.length === templateKinds.length ? 'all kinds' : names.join(', ')}`;
});

/** A plugin that was written. */
export interface NewPlugin {
  readonly version: typeof DOCUMENT_VERSION;
  readonly language: string;
  readonly kind: string;
  readonly name: string;
  readonly folder: string;
  /** The commands to build, test and verify it. */
  readonly next: readonly string[];
  /** The paths of its files, relative to the folder. */
  readonly files: readonly string[];
}

/** `new DIR --language L --kind K`: a plugin to start from. */
export const newPlugin = defineCommand({
  name: 'new',
  summary: 'Writes a new plugin that builds and conforms, to start from',
  description: [
    'Writes a complete plugin to a folder: its code, a build, a test and a README. Then prints the',
    'commands that build, test and verify it. DIR must be an empty folder, or not exist yet. This',
    'command changes nothing that exists.',
    '',
    'Kinds of generation 1, the protocol over the Extism kernel: router, dialect, signer, observer.',
    'Kinds of generation 2, the hook ABI: filter, shape. The languages have these kinds:',
    '',
    ...kindsByLanguage,
  ],
  operands: { DIR: { summary: 'the folder of the plugin; its parent folder must exist' } },
  options: {
    language: {
      value: 'LANGUAGE',
      required: true,
      choices: Object.keys(languages),
      summary: 'the language that the plugin is written in',
    },
    kind: { value: 'KIND', required: true, choices: templateKinds, summary: 'what the plugin is' },
    name: { value: 'NAME', summary: 'the name of the plugin; by default that of DIR' },
  },
  exits: {
    0: 'the plugin is written',
    1: 'not used',
    2: 'the arguments are wrong, DIR exists and is not an empty folder, or a file cannot be written',
  },
  examples: [
    { line: 'new my-router --language rust --kind router', meaning: 'a router in Rust' },
    {
      line: 'new plugins/filter --language rust --kind filter --name cheapest-first',
      meaning: 'a filter of the hook ABI with a name of its own',
    },
  ],
  run: async ({ DIR, language, kind, name: given, json }, io) => {
    const { build, test, wasm, folders } = templateOf(language, kind);
    const folder = checkedFolder(DIR);
    const name = checkedName(given, folder);
    const files = filesOf(await Promise.all(folders.map(io.readTemplate)), name);
    await writeFolder(io, folder, files);
    const plugin: NewPlugin = {
      version: DOCUMENT_VERSION,
      language,
      kind,
      name,
      folder: DIR,
      next: [
        ...(folder === resolve('.') ? [] : [`cd ${shellWord(DIR)}`]),
        ...build,
        test,
        `npx -p cc-lb-runtime-protocol ${PROGRAM} conformance ${nameIn(wasm, name)}`,
      ],
      files: files.map(({ path }) => path),
    };
    io.stdout.write(json ? jsonDocument(plugin) : `${newPluginLines(plugin, painter(io.stdout.color)).join('\n')}\n`);
    return EXIT.ok;
  },
});

/** @throws CommandLineError `InvalidValue` if the language has no such kind. */
function templateOf(language: string, kind: (typeof templateKinds)[number]) {
  const found = languages[language];
  const folders = found?.kinds[kind];
  if (found === undefined || folders === undefined) {
    const known = Object.keys(found?.kinds ?? {}).join(', ');
    throw invalidValue('--kind', kind, `one that --language ${language} has: ${known}`);
  }
  return { ...found, folders };
}

/** @throws CommandLineError `InvalidValue` if the path has control characters. */
function checkedFolder(path: string): string {
  if (path === '') throw invalidValue('DIR', path, 'the path of a folder');
  if (escapeUnprintable(path) !== path) throw invalidValue('DIR', path, 'a path without control characters');
  return resolve(path);
}

/** @throws CommandLineError `InvalidValue` if a plugin may not have the name. */
function checkedName(given: string | undefined, folder: string): string {
  const name = given ?? basename(folder);
  const fault = nameFault(name);
  if (fault === undefined) return name;
  const nearest = nearestName(name);
  if (given !== undefined) throw invalidValue('--name', given, `one that a plugin may have: ${fault}`, nearest);
  const expected = `a folder with a name that a plugin may have, unless --name is given: ${fault}`;
  throw invalidValue('DIR', name, expected, nearest === undefined ? undefined : `--name ${nearest}`);
}

/** A path as a shell reads it. */
function shellWord(path: string): string {
  const word = path.startsWith('-') ? `./${path}` : path;
  return /^[\w./\\:-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function newPluginLines({ language, kind, name, folder, next, files }: NewPlugin, paint: Paint): string[] {
  const title = languages[language]?.title ?? language;
  return [
    `${paint('bold', name)}: ${paint('green', 'written')} to ${printable(folder)}, ${kind} in ${title}`,
    '',
    paint('bold', 'Next'),
    ...next.map((line) => `  ${line}`),
    '',
    paint('bold', `${files.length} files`),
    ...files.map((path) => `  ${path}`),
  ];
}
