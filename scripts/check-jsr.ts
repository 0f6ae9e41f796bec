// Checks the package that jsr.json describes as far as this machine can: `deno publish --dry-run`
// sends nothing.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { findRuntime } from './runtimes.mjs';

const deno = findRuntime('deno');
if (deno === undefined) {
  console.log(
    'skipped: the check of jsr.json: no Deno on this machine (node scripts/setup.mjs --runtimes installs it)',
  );
} else {
  // "Slow types" are the wire types: they are inferred from their declarations, so that nothing is
  // written twice.
  const flags = ['publish', '--dry-run', '--allow-dirty', '--allow-slow-types'];
  const { status, stderr } = spawnSync(deno.command, flags, {
    cwd: fileURLToPath(new URL('../', import.meta.url)),
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', DENO_NO_UPDATE_CHECK: '1' },
  });
  console.log(status === 0 ? 'jsr.json: the package can be published' : stderr);
  process.exitCode = status ?? 1;
}
