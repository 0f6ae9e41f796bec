// A first look: `npm start`. Admits and calls plugins of fixtures/, as a host does with every
// plugin: two of generation 1, then one of generation 2. `->` goes to the plugin, `<-` comes back.
import { equal } from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { admitHooks, filterHook } from '../src/hooks/index.ts';
import {
  buildOffer,
  buildPlugin,
  compilePlugin,
  createMetadata,
  dispatchWireCall,
  encodeJson,
  executeHandshake,
  executeSelfCheck,
  HostState,
  hostFunctions,
  readIdentity,
  slotsFromHandshake,
  type WireFunction,
  type WireInput,
  wire,
} from '../src/index.ts';

const print = (title: string, text: string): void => console.log(`  ${title.padEnd(12)}${text}`);

/** JSON with shortened strings, on one line of a terminal. */
const brief = (json: string): string =>
  json.replace(/"([^"]{12})[^"]{9,}"/g, '"$1..."').replace(/^(.{100}).+$/, '$1 ...');

/** Takes a plugin through the layers of admission, and builds it for dispatch. */
async function open(path: string) {
  console.log(`\nfixtures/${path}`);
  const wasm = new Uint8Array(await readFile(new URL(`../fixtures/${path}`, import.meta.url)));

  // Layer 1, identity: the plugin's name and version, read from its bytes. No code of the plugin
  // runs.
  const identity = readIdentity(wasm);
  print('identity', `${identity.plugin_name} ${identity.plugin_version}, ${wasm.length} bytes`);

  // The module is compiled once. Each layer makes a new instance, with a small budget of time and
  // fuel.
  const compiled = compilePlugin(wasm);

  // Layer 2, handshake: the host offers versions of functions, the plugin chooses those that it
  // implements.
  const offer = buildOffer([]);
  const accept = executeHandshake(compiled, offer);
  const handshakeCompletedAt = Math.floor(Date.now() / 1000);
  const slots = slotsFromHandshake(accept.implemented_functions);
  print('handshake', `fills the slot ${slots.join(', ')}`);
  print('  ->', `function_versions ${JSON.stringify(offer.function_versions)}`);
  print('  <-', `chosen_versions ${JSON.stringify(accept.chosen_versions)}`);

  // Layer 3, self-check: the plugin decodes and encodes sample requests and responses.
  const selfCheck = executeSelfCheck(compiled, slots);
  print('self-check', selfCheck.status);

  // Layer 4, metadata: a host stores this record, and can dispatch later without the layers above.
  const metadata = createMetadata({ identity, accept, handshakeCompletedAt, selfCheck });
  print('metadata', `good until ${new Date(Number(metadata.expires_at) * 1000).toISOString()}`);

  // For dispatch the plugin has a larger budget, and host functions: log, metrics, storage, clock,
  // random bytes.
  const pluginName = identity.plugin_name;
  const functions = hostFunctions({ pluginName, storageQuotaBytes: 1_048_576, state: new HostState() });
  const plugin = buildPlugin(compiled, { wallMs: 5_000, fuel: 1_000_000_000, memoryMaxPages: 32, functions });

  // Layer 5, dispatch: a failed call does not throw. Its outcome is the fallback policy of the
  // function.
  return function call<Req, Res>(wireFunction: WireFunction<Req, Res>, request: WireInput<Req>): Res {
    const { name, schemas } = wireFunction;
    const outcome = dispatchWireCall(wireFunction, plugin, metadata, request);
    if (outcome.kind === 'fallback') throw new Error(`${name}: ${outcome.policy}`, { cause: outcome.error });
    print('dispatch', name);
    print('  ->', brief(encodeJson(schemas.request, request, 'sorted')));
    print('  <-', brief(encodeJson(schemas.response, outcome.response, 'declared')));
    return outcome.response;
  };
}

const principal = { id: 'alice', kind: 'api_key', claims: { team: 'search' } };
const body = '{"model":"claude-sonnet-4-5","max_tokens":64,"messages":[{"role":"user","content":"Hello"}]}';
const header = (name: string, value: string) => ({ name, value_base64: btoa(value) });
const request = {
  request_id: 'req-1',
  headers: [header('content-type', 'application/json'), header('connection', 'keep-alive')],
  method: 'POST',
  path: '/v1/messages',
  query: 'beta=true',
  body_base64: btoa(body),
};

// A router decides which upstreams may serve a request. This router accepts one after the other,
// and keeps its position in memory.
const candidates = ['team-key', 'spare-key', 'night-key'].map((name, index) => ({
  upstream_id: `6f1c0d52-0000-4000-8000-00000000000${index}`,
  name,
  kind: 'anthropic_api_key',
  observed_rate_limits: [{ kind: 'requests', window: '1m', limit: 50, remaining: 50 - 9 * index, reset: null }],
  subscription_quotas: [],
  observed_at_unix_secs: 1_767_225_600,
}));
const route = await open('router/router.wasm');
for (const turn of [0, 1]) {
  const { results } = route(wire.v3.filter, { ...request, principal, candidates });
  equal(results.length, candidates.length);
  for (const [index, { decision, reason }] of results.entries()) {
    print('', `${candidates[index]?.name}: ${decision}, ${reason}`);
    equal(decision, index === turn ? 'accept' : 'reject');
  }
}

// A dialect makes the request for the upstream from the client's request. It drops headers of the
// connection.
const translate = await open('dialect/dialect.wasm');
const shaped = translate(wire.v2.shape, { request, upstream: { kind: 'anthropic_direct' }, principal });
const headers = shaped.headers.map(({ name, value_base64 }) => `${name}: ${atob(value_base64)}`);
for (const line of [`${shaped.method} ${shaped.url}`, ...headers, atob(shaped.body_base64)]) print('', line);
equal(shaped.url, 'https://api.anthropic.com/v1/messages?beta=true');
equal(headers.join(), 'content-type: application/json,anthropic-version: 2023-06-01');
equal(atob(shaped.body_base64), body);

// A plugin of generation 2 imports nothing. Its bytes say which hooks it has, and each call has an
// instance of its own. The admission inspects it, compiles it, and probes each hook.
const path = 'hooks/filter/filter.wasm';
console.log(`\nfixtures/${path}`);
const { report, plugin } = admitHooks(await readFile(new URL(`../fixtures/${path}`, import.meta.url)));
for (const { step, hook = '', status, fuel } of report.steps)
  print(step, `${hook} ${status}${fuel === undefined ? '' : `, ${fuel} fuel`}`.trim());
if (plugin === undefined) throw new Error('the plugin was not admitted');
// This filter keeps the candidate on which the request costs least: one that has most of it cached.
const cache_pricing = {
  status: 'known',
  input_micros_per_million: 3_000_000n,
  cache_creation_5m_micros_per_million: 3_750_000n,
  cache_creation_1h_micros_per_million: 6_000_000n,
  cache_read_micros_per_million: 300_000n,
};
const chosen = plugin.filter({
  ...filterHook.sample(),
  cache_pricing,
  candidates: candidates.map(({ upstream_id, name, kind }, index) => ({
    upstream_id,
    name,
    kind,
    observed_at_unix_secs: 1_767_225_600n,
    predicted_cache_read_tokens: 1_000 * index,
    predicted_cache_creation_tokens_5m: 0,
    predicted_cache_creation_tokens_1h: 0,
    predicted_uncached_input_tokens: 3_000 - 1_000 * index,
    plan_capacity_ratio: 1,
    organization_type: '',
    rate_limit_tier: '',
    seat_tier: '',
  })),
});
if (chosen.kind === 'error') throw chosen.error;
for (const [index, { decision, reason }] of chosen.response.results.entries())
  print('', `${candidates[index]?.name}: ${decision}, ${reason}`);
equal(chosen.response.results.map(({ decision }) => decision).join(), 'reject,reject,accept');

console.log('\nAll as expected. Continue with `npx cc-lb-plugin --help`, or read src/index.ts.');
