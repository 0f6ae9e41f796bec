// What starts workerd for tests and for the example says why it does not start.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findWorkerd } from '../../scripts/runtimes.mjs';
import { serveWorker } from '../../scripts/workerd-process.ts';
import { isLeftOut } from '../support/only-this-node.ts';

const starting = suite('starting workerd');
const folder = mkdtempSync(join(tmpdir(), 'workerd-'));
starting.after(() => rmSync(folder, { recursive: true }));

/** Why a configuration is not served. */
async function faultOf(command: string, config: string): Promise<string> {
  const path = join(folder, 'config.capnp');
  writeFileSync(path, config);
  const served = serveWorker({ command, args: ['serve'] }, path);
  return await served.then(
    (worker) => worker.close().then(() => 'served'),
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}

/** A configuration with one worker, whose source is this, with the behaviour of a day. */
const configOf = (source: string, date = '2026-11-01'): string => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = ${JSON.stringify(source)})],
  compatibilityDate = "${date}",
);`;

starting('a program that is not there', async () => {
  assert.match(await faultOf(join(folder, 'none'), ''), /^workerd could not be started: .*ENOENT/);
});

starting('configurations and workers that are wrong, with what workerd prints', async () => {
  if (isLeftOut('configurations of workerd')) return;
  const workerd = findWorkerd();
  if (workerd === undefined) return console.log('skipped: workerd: none on this machine that starts');
  const { command } = workerd;
  assert.match(await faultOf(command, 'no configuration'), /^workerd ended with exit code 1\n.*Parse error/s);
  assert.match(await faultOf(command, configOf('throw new Error("not today")')), /not today/);
  assert.is(await faultOf(command, configOf('export default { fetch: () => new Response("here") };')), 'served');
});

/** Says whether it compiled while it was loaded, and whether it compiles in a request. */
const COMPILING = `
  const compiles = () => {
    try { return new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)) instanceof WebAssembly.Module; }
    catch { return false; }
  };
  const atFirst = compiles();
  export default { fetch: () => Response.json([atFirst, compiles()]) };`;

starting('a worker compiles while it is loaded, since 2025-06-01, and never in a request', async () => {
  if (isLeftOut('compiling in workerd')) return;
  const workerd = findWorkerd();
  if (workerd === undefined) return console.log('skipped: workerd: none on this machine that starts');
  for (const [date, compiled] of [
    ['2025-05-31', false],
    ['2025-06-01', true],
  ] as const) {
    const path = join(folder, 'compiling.capnp');
    writeFileSync(path, configOf(COMPILING, date));
    const worker = await serveWorker(workerd, path);
    try {
      assert.equal(await (await fetch(worker.address)).json(), [compiled, false], date);
    } finally {
      await worker.close();
    }
  }
});

starting.run();
