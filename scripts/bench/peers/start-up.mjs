// The time from the import of a package to its first dispatch, in a process of its own. bench.mjs starts it, with its task as JSON on the
// standard input. The last line that it prints are all numbers as JSON.
import { readFileSync } from 'node:fs';

const { host, entry, wasm, request } = JSON.parse(readFileSync(0, 'utf8'));
const bytes = new Uint8Array(readFileSync(wasm));

const start = performance.now();
const library = await import(entry);
const imported = performance.now();
if (host.startsWith('extism')) {
  const plugin = await library.createPlugin({ wasm: [{ data: bytes }] }, { useWasi: false });
  const output = await plugin.call('filter', JSON.stringify({ ...request, _v: 1 }));
  JSON.parse(output.text());
} else {
  const { buildPlugin, dispatchWireCall, wire } = library;
  const plugin = buildPlugin(bytes);
  const outcome = dispatchWireCall(wire.v3.filter, plugin, { negotiated_functions: { filter: 1 } }, request);
  if (outcome.kind !== 'ok') throw outcome.error;
}
const end = performance.now();
console.log(`report: ${JSON.stringify({ importMs: imported - start, ms: end - start })}`);
