// Measures the time from the import of a package to its first dispatch, in a process of its own.
// bench.ts starts it, with its task as JSON on the standard input. Its last line is all numbers as
// JSON.
import { readFileSync } from 'node:fs';
import type * as Ours from '../../../src/index.ts';

/** What there is to start. */
interface Task {
  readonly host: string;
  /** The package to import. */
  readonly entry: string;
  /** Path of the plugin. */
  readonly wasm: string;
  /** A request of `filter`. */
  readonly request: Parameters<typeof Ours.dispatchWireCall<unknown, unknown>>[3] & object;
}

/** What is used of Extism's JS SDK. */
interface Extism {
  createPlugin(
    manifest: { readonly wasm: readonly { readonly data: Uint8Array }[] },
    options: { readonly useWasi: boolean },
  ): Promise<{ call(name: string, input: string): Promise<{ text(): string } | null> }>;
}

// The process that started this one wrote it.
const { host, entry, wasm, request } = JSON.parse(readFileSync(0, 'utf8')) as Task;
const bytes = new Uint8Array(readFileSync(wasm));

const start = performance.now();
const library: unknown = await import(entry);
const imported = performance.now();
if (host.startsWith('extism')) {
  // The casts: `host` says which of the two the entry is.
  const plugin = await (library as Extism).createPlugin({ wasm: [{ data: bytes }] }, { useWasi: false });
  const output = await plugin.call('filter', JSON.stringify({ ...request, _v: 1 }));
  JSON.parse(output?.text() ?? '');
} else {
  const { buildPlugin, dispatchWireCall, wire } = library as typeof Ours;
  const plugin = buildPlugin(bytes);
  const outcome = dispatchWireCall(wire.v3.filter, plugin, { negotiated_functions: { filter: 1 } }, request);
  if (outcome.kind !== 'ok') throw outcome.error;
}
const end = performance.now();
console.log(`report: ${JSON.stringify({ importMs: imported - start, ms: end - start })}`);
