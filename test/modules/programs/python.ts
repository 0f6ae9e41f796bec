import { fileURLToPath } from 'node:url';
import { importPackage, type Program, packageFile } from '../program.ts';

interface Pyodide {
  readonly loadPyodide: (options: { indexURL: string }) => Promise<{
    readonly runPython: (code: string) => unknown;
    readonly runPythonAsync: (code: string) => Promise<unknown>;
  }>;
}

/** If the engine supports it, `run_sync` suspends the interpreter until a promise settles. */
const PROGRAM = `
import asyncio, hashlib, json, math, re
from pyodide.ffi import can_run_sync, run_sync

def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)

def deep(n):
    return deep(n + 1)

def caught(of):
    try:
        of()
    except Exception as error:
        return type(error).__name__

async def later():
    await asyncio.sleep(0.001)
    return fib(10)

json.dumps([fib(19), caught(lambda: 1 / 0), caught(lambda: deep(0)), can_run_sync() and run_sync(later()),
            sorted(re.findall("[a-z]+", "the quick brown fox")), math.sqrt(2), str(2**200),
            hashlib.sha256(b"x" * 10000).hexdigest()])`;

export async function start(): Promise<Program> {
  const { loadPyodide } = await importPackage<Pyodide>('pyodide');
  // Otherwise pyodide derives the path of its files from a stack trace, which source maps change.
  const python = await loadPyodide({ indexURL: fileURLToPath(packageFile('pyodide/')) });
  return {
    run: async () => String(await python.runPythonAsync(PROGRAM)),
    endless: () => python.runPythonAsync('while True: pass'),
  };
}
