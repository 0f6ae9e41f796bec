// The versions of the package that are measured, as npm installs them: packed, and unpacked into a
// folder with node_modules.
import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { temporaryFolder } from './temporary.ts';

/** A version of the package. */
export interface Version {
  /** `now` for the working copy, else the revision. */
  readonly name: string;
  /** Path of its source, with the packages and modules that are installed here. */
  readonly root: string;
  /** Path of the folder into which it is installed, with the peers. */
  readonly folder: string;
  /** The names of its entries, such as `./identity`. */
  readonly exports: readonly string[];
  /**
   * The address of a module that exports all of an entry, by what a program imports: this package,
   * one of its entries, or a peer.
   */
  readonly entry: (specifier: string) => string;
}

const run = promisify(execFile);
const here = fileURLToPath(new URL('../../', import.meta.url));
const shell = process.platform === 'win32'; // npm is npm.cmd there
const installedFolders = ['node_modules', 'test/modules/node_modules'];

/** This package's own name. */
export const OURS = 'cc-lb-runtime-protocol';
/** Extism's JavaScript SDK, by the names under which npm installs its versions. */
export const peers = ['extism-1', 'extism-2'];

/**
 * Packs the working copy, and a commit if there is one, and installs each into a temporary folder.
 * Replaces dist/.
 *
 * @param against a revision as Git names it, such as `HEAD~1`.
 * @returns the versions, that of the working copy first.
 * @throws {Error} if there is no such commit, or a version does not build.
 */
export async function versionsOf(against: string | undefined): Promise<[now: Version, before?: Version]> {
  const now = await install('now', here);
  return against === undefined ? [now] : [now, await install(against, await checkOut(against))];
}

async function checkOut(revision: string): Promise<string> {
  const root = temporaryFolder();
  const archive = join(root, 'source.tar');
  await run('git', ['archive', '--output', archive, revision], { cwd: here });
  await run('tar', ['-xf', archive], { cwd: root });
  for (const folder of installedFolders) {
    if (existsSync(join(here, folder))) await symlink(join(here, folder), join(root, folder), 'junction');
  }
  return root;
}

async function install(name: string, root: string): Promise<Version> {
  const folder = temporaryFolder();
  // npm runs the build before it packs.
  await run('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: root, shell });
  const [archive = ''] = (await readdir(folder)).filter((file) => file.endsWith('.tgz'));
  await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  const flags = ['--offline', '--no-audit', '--no-fund', '--no-save', '--loglevel=error'];
  await run('npm', ['install', ...flags, `./${archive}`], { cwd: folder, shell });
  for (const peer of peers) {
    await symlink(join(here, 'node_modules', peer), join(folder, 'node_modules', peer), 'junction');
  }
  // The cast: the package's own file.
  const { exports } = JSON.parse(await readFile(join(folder, 'node_modules', OURS, 'package.json'), 'utf8')) as {
    readonly exports: Readonly<Record<string, unknown>>;
  };
  const entry = (specifier: string): string => {
    const file = join(folder, `${specifier.replaceAll('/', '-')}.mjs`);
    writeFileSync(file, `export * from '${specifier}';\n`);
    return pathToFileURL(file).href;
  };
  return { name, root, folder, exports: Object.keys(exports), entry };
}
