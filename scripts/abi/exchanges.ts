// Calls plugins of fixtures/ as a host does, and writes what went over into abi/EXAMPLES.md: one
// exchange for each function of the protocol that a plugin of today has.
import { readFileSync } from 'node:fs';
import {
  filterRequest,
  normalizeErrorRequest,
  observeRequest,
  shapeRequest,
  signRequest,
} from '../../src/conformance/requests/index.ts';
import { buildPlugin, type CompiledPlugin, compilePlugin } from '../../src/plugin/index.ts';
import { admit } from '../../src/protocol/admit.ts';
import { dispatchWireCall } from '../../src/protocol/dispatch.ts';
import {
  encodeEnvelope,
  encodeJson,
  handshakeOffer,
  selfCheckRequest,
  type WireFunction,
  type WireInput,
  wire,
} from '../../src/protocol/messages/index.ts';
import { buildOffer } from '../../src/protocol/offer.ts';

/** Unix seconds: no exchange depends on the clock. */
const NOW = 1_767_225_600;

/** What went over in one call. */
interface Exchange {
  /** The export that is called. */
  readonly name: string;
  /** Its plugin, from fixtures/ on. */
  readonly plugin: string;
  readonly request: string;
  readonly response: string;
}

const compile = (path: string): CompiledPlugin =>
  compilePlugin(readFileSync(new URL(`../../fixtures/${path}`, import.meta.url)));

/** No deadline: a busy machine would refuse a good plugin. */
const untimed = { wallMs: Number.POSITIVE_INFINITY } as const;

/** Calls an export of a new instance. */
function call(plugin: string, name: string, request: string): Exchange {
  using built = buildPlugin(compile(plugin), untimed);
  return { name, plugin, request, response: built.callText(name, request) };
}

/** Dispatches a request as a host does, for an exchange and the response in it. */
function dispatch<Req, Res>(
  plugin: string,
  fn: WireFunction<Req, Res>,
  request: WireInput<Req>,
): { readonly exchange: Exchange; readonly response: Res } {
  const compiled = compile(plugin);
  const { metadata } = admit(compiled, { handshake: untimed, selfCheck: untimed });
  if (metadata === undefined) throw new Error(`${plugin} is not admitted`);
  using built = buildPlugin(compiled, untimed);
  const outcome = dispatchWireCall(fn, built, metadata, request);
  if (outcome.kind === 'fallback') throw outcome.error;
  const exchange = call(plugin, fn.name, encodeEnvelope(fn.schemas.request, request, 1));
  return { exchange, response: outcome.response };
}

const PLUGINS = {
  router: 'router/router.wasm',
  dialect: 'dialect/dialect.wasm',
  signer: 'signer/signer.wasm',
  observer: 'observer/observer.wasm',
} as const;

const BODY = '{"model":"claude","messages":[]}';
const CLIENT = { id: 'client-1', claims: { team: 'search', limit: 18446744073709551615n } };

/** The calls of one request of a client, in the order of a host that uses all kinds of plugins. */
function exchanges(): Exchange[] {
  const { v1, v2, v3 } = wire;
  const candidate = { name: 'first', kind: 'anthropic_api_key', observed_at_unix_secs: NOW };
  const filter = filterRequest()
    .requestId('req-1')
    .header('content-type', 'application/json')
    .body(BODY)
    .principal(CLIENT)
    .candidate('6f1c0d52-0000-4000-8000-000000000001', candidate)
    .candidate('6f1c0d52-0000-4000-8000-000000000002', { ...candidate, name: 'second' })
    .build();
  const shape = {
    ...shapeRequest()
      .requestId('req-1')
      .path('/v1/messages', 'beta=true')
      .header('content-type', 'application/json')
      .body(BODY)
      .principal(CLIENT)
      .build(),
    upstream_base_url: 'https://upstream.example',
  };
  const shaped = dispatch(PLUGINS.dialect, v2.shape, shape);
  const { upstream } = shape;
  const factoryState = { key: 'example-key', serial: 18446744073709551615n };
  const built = dispatch(PLUGINS.signer, v1.buildSigner, { upstream, factory_state: factoryState });
  const { signer_state } = built.response;
  const signed = signRequest().set('shaped', shaped.response).signerState(signer_state).build();
  const failed = { status: 401, body_base64: '', category: 'unauthorized' } as const;
  const events = observeRequest()
    .event({ kind: 'request_started', request_id: 'req-1', downstream_user_agent: 'agent/1.0' })
    .event({ kind: 'upstream_chosen', upstream })
    .build();
  const tested = { functions_to_test: ['shape'], initiated_at: NOW };
  return [
    call(PLUGINS.dialect, 'cc_lb_handshake', encodeJson(handshakeOffer, buildOffer(), 'declared')),
    call(PLUGINS.dialect, 'cc_lb_self_check', encodeJson(selfCheckRequest, tested, 'declared')),
    dispatch(PLUGINS.router, v3.filter, filter).exchange,
    shaped.exchange,
    built.exchange,
    dispatch(PLUGINS.signer, v1.sign, signed).exchange,
    dispatch(PLUGINS.signer, v1.onUnauthorized, { error: failed, signer_state }).exchange,
    dispatch(PLUGINS.dialect, v1.normalizeError, normalizeErrorRequest().status(502).body('Bad Gateway').build())
      .exchange,
    dispatch(PLUGINS.observer, v1.observe, events).exchange,
  ];
}

/** The base64 texts of an exchange, each once, with what they stand for. */
function decoded({ request, response }: Exchange): string[] {
  const found = [...`${request}${response}`.matchAll(/"\w+_base64":"([^"]+)"/g)].map(([, text = '']) => text);
  return [...new Set(found)].map((text) => `${text}  ${Buffer.from(text, 'base64').toString()}`);
}

const fenced = (language: string, lines: readonly string[]): string =>
  [`\`\`\`${language}`, ...lines, '```'].join('\n');

function section(exchange: Exchange): string {
  const { name, plugin, request, response } = exchange;
  const texts = decoded(exchange);
  return [
    `## ${name}`,
    `The host asks \`fixtures/${plugin}\`:`,
    fenced('json', [request]),
    'It answers:',
    fenced('json', [response]),
    ...(texts.length === 0 ? [] : ['In base64:', fenced('text', texts)]),
  ].join('\n\n');
}

/** The text of abi/EXAMPLES.md. */
export function exchangesDocument(): string {
  const head = [
    '# Exchanges',
    'One exchange for each export that a host calls ([PROTOCOL.md](PROTOCOL.md)), byte for byte as it\n' +
      'goes over. `npm run abi` writes this file with plugins of `fixtures/`. The order is that of one\n' +
      'request of a client, after admission. The request of `shape` has a field of v2. `route` is missing:\n' +
      'no plugin of `fixtures/` has it.',
  ];
  return `${[...head, ...exchanges().map(section)].join('\n\n')}\n`;
}
