import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { templateLanguages } from '../../src/cli/new/languages.ts';
import { readFolder } from '../../src/cli/program/folders.ts';
import { printedBy } from '../fixtures/program.ts';
import type { Toolchain } from './toolchain.ts';

/** The version that the template is for: the standard library differs from one to the next. */
const VERSION = '0.17.1';

const recordFile = new URL('zig.built.json', import.meta.url);

/** What was built last. */
interface Built {
  readonly zig: string;
  /** Of the paths and bytes of the template's files. */
  readonly template_sha256: string;
  readonly wasm_sha256: string;
}

/**
 * Zig, which takes 411 MB from PyPI. So it is installed only if a template changed: zig.built.json
 * has the hash of what was built last.
 */
export const zig: Toolchain = {
  language: 'zig',
  async unlessNamed() {
    if (!existsSync(recordFile)) return undefined;
    // The cast: the file is written below.
    const built = JSON.parse(readFileSync(recordFile, 'utf8')) as Built;
    const hash = await templateHash();
    if (built.zig !== VERSION || built.template_sha256 !== hash) return undefined;
    return `templates/zig/router is unchanged since ${hash.slice(0, 12)} was built; not built`;
  },
  async prepare() {
    if (printedBy('zig', 'version') === VERSION) return { env: process.env };
    const folder = fileURLToPath(new URL(`../../node_modules/.cache/ziglang-${VERSION}`, import.meta.url));
    const program = join(folder, 'bin/python-zig');
    const env = { ...process.env, ZIG: program };
    if (printedBy(program, 'version') === VERSION) return { env };
    console.log(`Installing Zig ${VERSION} (pip install ziglang)`);
    if (printedBy('python3', '-m', 'venv', folder) === undefined)
      return { missing: `there is no Zig ${VERSION}, and no python3 with venv to install it` };
    const pip = join(folder, 'bin/pip');
    const installed = printedBy(pip, 'install', '--quiet', '--disable-pip-version-check', `ziglang==${VERSION}`);
    return installed === undefined ? { missing: `there is no Zig ${VERSION}, and pip could not install it` } : { env };
  },
  async conforms(module) {
    const wasm = createHash('sha256').update(module).digest('hex');
    const built: Built = { zig: VERSION, template_sha256: await templateHash(), wasm_sha256: wasm };
    writeFileSync(recordFile, `${JSON.stringify(built, null, 2)}\n`);
  },
};

/** The hash of the only template, a router. */
async function templateHash(): Promise<string> {
  const hash = createHash('sha256');
  for (const folder of templateLanguages.zig.kinds.router) {
    const files = await readFolder(new URL(`../../templates/${folder}/`, import.meta.url));
    for (const [path, bytes] of [...files].sort(([one], [other]) => (one < other ? -1 : 1)))
      hash.update(`${path}\0`).update(bytes).update('\0');
  }
  return hash.digest('hex');
}
