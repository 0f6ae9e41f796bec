import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { printedBy } from '../fixtures/program.ts';
import type { Host } from './host.ts';

const folder = new URL('../../examples/host-in-python/', import.meta.url);

/** Where the host's own Python is, with the engine that requirements.txt pins. */
const environment = fileURLToPath(new URL('.venv', folder));
const ownPython = fileURLToPath(new URL('.venv/bin/python', folder));

/** The lowest Python that runs the host. */
const LOWEST = [3, 11] as const;

/** Whether a program is a Python that runs the host. */
function isPython(program: string): boolean {
  const version = /Python (\d+)\.(\d+)/.exec(printedBy(program, '--version') ?? '') ?? [];
  const [, major = 0, minor = 0] = version.map(Number);
  return major > LOWEST[0] || (major === LOWEST[0] && minor >= LOWEST[1]);
}

/** Installs the engine, unless it is there. Returns whether it is there then. */
function installEngine(): boolean {
  if (!existsSync(ownPython)) {
    console.log('Installing Wasmtime for Python (pip)');
    printedBy('python3', '-m', 'venv', environment);
  }
  const requirements = fileURLToPath(new URL('requirements.txt', folder));
  const from = ['--require-hashes', '--requirement', requirements];
  return printedBy(ownPython, '-m', 'pip', 'install', '--quiet', ...from) !== undefined;
}

/** The host on Wasmtime: it runs plugins as they are. */
export const pythonHost: Host = {
  folder: 'host-in-python',
  layers: [
    'json',
    'identity',
    'handshake',
    'self-check',
    'record',
    'offers',
    'requests',
    'dispatch',
    'kernel',
    'host-functions',
    'fuel',
  ],
  share: 0.9,
  prepare() {
    if (!isPython('python3')) return { missing: `there is no Python ${LOWEST.join('.')} or newer` };
    if (!installEngine()) return { missing: 'pip could not install the Wasmtime of requirements.txt' };
    return { command: 'examples/host-in-python/.venv/bin/python examples/host-in-python/driver.py' };
  },
};
