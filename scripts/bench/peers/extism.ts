import { allWireFunctions, buildOffer, IDENTITY_SECTION_NAME } from '../../../src/index.ts';
import { type Host, plainRequest, plainResponse } from './host.ts';

/** What the benchmark uses of the SDK, in both of its versions. */
interface ExtismPlugin {
  call(name: string, input: string): Promise<{ text(): string } | null>;
  reset(): Promise<boolean>;
  close(): Promise<void>;
}
interface Extism {
  createPlugin(manifest: unknown, options: object): Promise<ExtismPlugin>;
}

/**
 * The SDK's versions by the names under which npm installs them. 1.0 frees what calls have
 * allocated only when it is reset, and numbers its blocks in 16 bits: without a reset after each
 * call it soon answers wrongly. 2.0 resets by itself.
 */
const versions = [
  { name: 'extism-1', title: 'Extism JS SDK 1.0', resets: false },
  { name: 'extism-2', title: 'Extism JS SDK 2.0 (rc)', resets: true },
] as const;

const silent = Object.fromEntries(['trace', 'debug', 'info', 'warn', 'error'].map((level) => [level, () => undefined]));
const OPTIONS = { useWasi: false, logger: silent };

/**
 * Extism's own SDK for JavaScript, in each version that is installed. It knows neither fuel nor, on
 * the caller's thread, a deadline.
 */
export async function extismHosts(): Promise<Host[]> {
  const hosts: Host[] = [];
  for (const version of versions) {
    const sdk: Extism | undefined = await import(version.name).catch(() => undefined);
    if (sdk !== undefined) hosts.push(hostOf(sdk, version));
  }
  return hosts;
}

function hostOf(sdk: Extism, { name, title, resets }: (typeof versions)[number]): Host {
  return {
    name,
    title,
    cannot: {},
    open: async (wasm) => {
      const plugin = await sdk.createPlugin({ wasm: [{ data: wasm }] }, OPTIONS);
      const callText = async (exported: string, input: string) => {
        const text = (await plugin.call(exported, input))?.text() ?? '';
        if (!resets) await plugin.reset();
        return text;
      };
      return {
        callTask: (exported, input) => () => callText(exported, input),
        dispatchTask: (exchange) => async () => plainResponse(await callText(exchange.fn.name, plainRequest(exchange))),
      };
    },
    admit: (wasm) => admit(sdk, wasm),
  };
}

/**
 * The layers as a user of the SDK would write them, at their shortest: compiled once, a fresh
 * plugin for each, answers parsed and their kind looked at, nothing else checked.
 */
async function admit(sdk: Extism, wasm: Uint8Array<ArrayBuffer>): Promise<unknown> {
  const module = await WebAssembly.compile(wasm);
  const [section] = WebAssembly.Module.customSections(module, IDENTITY_SECTION_NAME);
  const identity = JSON.parse(new TextDecoder().decode(section));
  const accept = await ask(sdk, module, 'cc_lb_handshake', buildOffer([]));
  const request = { functions_to_test: functionsToTest(accept), initiated_at: Math.floor(Date.now() / 1e3) };
  const answer = request.functions_to_test.length === 0 ? {} : await ask(sdk, module, 'cc_lb_self_check', request);
  if (answer.status === 'failure') throw new Error('the self-check failed');
  return { identity, accept, answer };
}

/** Of the functions that a plugin implements, those that have a slot. */
function functionsToTest({ implemented_functions }: Readonly<Record<string, unknown>>): string[] {
  const implemented = new Set(Array.isArray(implemented_functions) ? implemented_functions : []);
  return allWireFunctions.filter((name) => ['shape', 'observe', 'filter'].includes(name) && implemented.has(name));
}

async function ask(sdk: Extism, module: WebAssembly.Module, name: string, request: unknown) {
  const plugin = await sdk.createPlugin({ wasm: [{ module }] }, OPTIONS);
  const output = await plugin.call(name, JSON.stringify(request));
  await plugin.close();
  return JSON.parse(output?.text() ?? '');
}
