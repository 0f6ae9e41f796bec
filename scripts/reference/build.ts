// Builds the programs of the workspace with cargo, outside of the tree.
import { spawn, spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

// rustup takes the toolchain that this folder names only from within it.
const folder = fileURLToPath(new URL('./', import.meta.url));
const targetFolder = process.env.CARGO_TARGET_DIR ?? join(tmpdir(), 'cc-lb-reference');

/** A program that was built, or why it could not be. */
export type Built = { readonly program: string } | { readonly reason: string };

/** A member of the workspace that is a program. */
export type ReferenceProgram = 'answers' | 'benchmark' | 'conformance' | 'hooks' | 'vectors';

/** Builds a member of the workspace. The first build takes 20 minutes on two cores. */
export async function buildReference(name: ReferenceProgram): Promise<Built> {
  const version = spawnSync('cargo', ['--version'], { cwd: folder, encoding: 'utf8' });
  if (version.error !== undefined)
    return { reason: 'there is no cargo on this machine; https://rustup.rs installs it' };
  if (version.status !== 0) return { reason: `cargo does not start: ${version.stderr.trim()}` };
  const args = ['build', '--release', '--locked', '--package', name, '--target-dir', targetFolder];
  const cargo = spawn('cargo', args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  cargo.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const code = await new Promise((resolve, reject) => cargo.on('close', resolve).on('error', reject));
  if (code !== 0) return { reason: `it does not build:\n${errors.trim().split('\n').slice(-6).join('\n')}` };
  return { program: join(targetFolder, 'release', process.platform === 'win32' ? `${name}.exe` : name) };
}
