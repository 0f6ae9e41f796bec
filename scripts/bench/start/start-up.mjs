// Measures the time from the import of a package to its first dispatch, in a process of its own.
// starts.ts starts it, with its task as JSON on the standard input, and reads the numbers. Plain
// JavaScript, because nothing may stand between Node 20 and the import.
import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';

/**
 * What there is to start. `way`: from the bytes of a plugin, or from what `prepare` wrote; `extism`
 * is the peer from bytes. `entry`: the module to import; `wasm`: path of the plugin; `prepared`:
 * path of the prepared bytes; `request`: one of `filter`. `prepare` also reports `linked`: whether
 * the kernel is in the prepared bytes.
 * @typedef {{ way: 'bytes' | 'prepared' | 'prepare' | 'extism', entry: string, wasm: string,
 *   prepared: string, request: object }} Task
 */

/**
 * What is used of Extism's JavaScript SDK.
 * @typedef {{ createPlugin(manifest: { wasm: { data: Uint8Array }[] }, options: object):
 *   Promise<{ call(name: string, input: string): Promise<{ text(): string } | null> }> }} Extism
 */

/** @type {Task} */
const { way, entry, wasm, prepared, request } = JSON.parse(readFileSync(0, 'utf8'));
const bytes = new Uint8Array(readFileSync(way === 'prepared' ? prepared : wasm));

/** Milliseconds of this process on all threads. */
const processorMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e3;
};

const [start, startCpu] = [performance.now(), processorMs()];
const library = await import(entry);
const [importMs, importCpuMs] = [performance.now() - start, processorMs() - startCpu];
if (way === 'extism') await dispatchByExtism(library);
const linked = way === 'prepare' ? prepare(library) : undefined;
if (way === 'bytes' || way === 'prepared') dispatch(library);
const [ms, cpuMs] = [performance.now() - start, processorMs() - startCpu];
console.log(`report: ${JSON.stringify({ importMs, importCpuMs, ms, cpuMs, linked })}`);

/** @param {typeof import('../../../src/index.ts')} library */
function prepare({ preparePlugin }) {
  const linked = preparePlugin(bytes);
  // A linked kernel has a second memory, which Node 20 does not know.
  const runs = WebAssembly.validate(linked);
  writeFileSync(prepared, runs ? linked : preparePlugin(bytes, { kernel: 'instance' }));
  return runs;
}

/** @param {typeof import('../../../src/index.ts')} library */
function dispatch({ buildPlugin, dispatchWireCall, wire }) {
  const plugin = buildPlugin(way === 'prepared' ? new WebAssembly.Module(bytes) : bytes);
  const negotiated = { negotiated_functions: { filter: 1 } };
  // The cast: the process that started this one made the request.
  const given = /** @type {ReturnType<typeof wire.v3.filter.dryRunRequest>} */ (request);
  const outcome = dispatchWireCall(wire.v3.filter, plugin, negotiated, given);
  if (outcome.kind !== 'ok') throw outcome.error;
}

/** @param {Extism} library */
async function dispatchByExtism({ createPlugin }) {
  const plugin = await createPlugin({ wasm: [{ data: bytes }] }, { useWasi: false });
  const output = await plugin.call('filter', JSON.stringify({ ...request, _v: 1 }));
  JSON.parse(output?.text() ?? '');
}
