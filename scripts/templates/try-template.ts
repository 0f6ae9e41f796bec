import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type LanguageName, type TemplateLanguage, templateLanguages } from '../../src/cli/new/languages.ts';
import { nameIn } from '../../src/cli/new/template.ts';

const program = fileURLToPath(new URL('../cc-lb-plugin.mjs', import.meta.url));

/** A command that takes longer is ended. */
const COMMAND_MS = 15 * 60_000;

/** The outcome of a template: its module, or what failed. */
export type Trial = { readonly module: Uint8Array } | { readonly failure: string };

/**
 * Makes a plugin from a template as an author does, in a new folder: writes it, builds it, runs its
 * test, and verifies it. It must conform without a warning and be admitted, and the build must
 * leave only files that its `.gitignore` names.
 *
 * @param env of the build and the test.
 * @param adapt changes the plugin before it is built.
 */
export function tryTemplate(
  language: LanguageName,
  kind: string,
  env: NodeJS.ProcessEnv,
  adapt?: (folder: string) => void,
): Trial {
  const { build, test, wasm }: TemplateLanguage = templateLanguages[language];
  const parent = mkdtempSync(join(tmpdir(), 'cc-lb-templates-'));
  // In a lock file, this name sorts to the same place as the placeholder.
  const name = `my-${kind}`;
  const folder = join(parent, name);
  const module = join(folder, nameIn(wasm, name));
  try {
    own(['new', folder, '--language', language, '--kind', kind], parent);
    adapt?.(folder);
    command('git init --quiet', folder, process.env);
    command('git add --all', folder, process.env);
    for (const line of [...build, test]) command(line, folder, env);
    const changed = command('git ls-files --others --modified --exclude-standard', folder, process.env);
    if (changed !== '') throw new Error(`building changed files that .gitignore does not name:\n${changed}`);
    const report = own(['conformance', module], folder);
    // The cast: the program's own report.
    const { verdict } = JSON.parse(own(['conformance', module, '--json'], folder)) as { verdict: string };
    if (verdict !== 'pass') throw new Error(report);
    own(['admit', module], folder);
    return { module: readFileSync(module) };
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  } finally {
    rmSync(parent, { recursive: true, force: true });
  }
}

/** Runs the command line of this project, and returns what it prints on standard output. */
function own(args: readonly string[], cwd: string): string {
  return run(process.execPath, [program, ...args], cwd, process.env);
}

/** Runs a line of words that are separated by spaces. */
function command(line: string, cwd: string, env: NodeJS.ProcessEnv): string {
  const [first = '', ...args] = line.split(' ');
  return run(first, args, cwd, env);
}

/** @throws Error with all that the program printed if it fails. */
function run(file: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): string {
  const { status, stdout, stderr, error } = spawnSync(file, args, {
    cwd,
    env,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    timeout: COMMAND_MS,
    shell: process.platform === 'win32' && file === 'npm', // npm is npm.cmd there
  });
  if (status === 0) return stdout;
  const ending = error === undefined ? `exit code ${status}` : error.message;
  throw new Error(`${[file, ...args].join(' ')}: ${ending}\n${stdout}${stderr}`);
}
