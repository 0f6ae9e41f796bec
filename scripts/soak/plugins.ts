import { readFileSync } from 'node:fs';
import {
  type CompiledPlugin,
  compilePlugin,
  type Plugin,
  PluginCallError,
  type PluginOptions,
} from '../../src/plugin/index.ts';
import { type DispatchOutcome, dispatchWireCall } from '../../src/protocol/dispatch.ts';
import { type WireFunction, type WireInput, wire } from '../../src/protocol/messages/index.ts';

/** How a dispatch came out, beside what it had to be. */
export type Verdict = 'right' | 'lost' | 'crossed';

/** A kind of plugin in the mix. */
export interface SoakPlugin {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** How its admission must end: admitted, or the failure's kind. */
  readonly admission: string;
  readonly compiled: CompiledPlugin | undefined;
  readonly options: PluginOptions;
  /** Makes one dispatch that carries a marker, and judges what came of it. */
  readonly dispatch: (plugin: Plugin, marker: string) => Verdict;
  /** Whether its calls end by the deadline: those are few. */
  readonly slow?: boolean;
}

const read = (path: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../fixtures/${path}.wasm`, import.meta.url)));

/** Budgets with which bad plugins end soon. */
const budget: PluginOptions = { fuel: 3_000_000, wallMs: 60_000 };

const MARKER = /m\d+m/g;

/** An answer must contain the marker of its own call and no other. */
function judge(answer: string, marker: string): Verdict {
  const markers = new Set(answer.match(MARKER));
  if (markers.size === 0) return 'lost';
  return markers.size === 1 && markers.has(marker) ? 'right' : 'crossed';
}

function dispatched<Req, Res>(
  fn: WireFunction<Req, Res>,
  plugin: Plugin,
  request: WireInput<Req>,
): DispatchOutcome<Res> {
  return dispatchWireCall(fn, plugin, { negotiated_functions: { [fn.name]: 1 } }, request);
}

/** What a good plugin answers. */
function answered<Res>(outcome: DispatchOutcome<Res>, textOf: (response: Res) => string, marker: string): Verdict {
  return outcome.kind === 'ok' ? judge(textOf(outcome.response), marker) : 'lost';
}

/** A bad plugin must fall back, and say nothing of any call. */
function fellBack<Res>(outcome: DispatchOutcome<Res>, kinds: readonly string[]): Verdict {
  if (outcome.kind === 'ok') return 'lost';
  const { failure, message } = outcome.error;
  if (MARKER.test(message)) return 'crossed';
  const kind = failure.kind === 'PluginCall' ? failure.call.kind : failure.kind;
  return kinds.includes(kind) ? 'right' : 'lost';
}

function called(plugin: Plugin, name: string, input: string, kinds: readonly string[]): Verdict {
  try {
    return judge(plugin.callText(name, input), input);
  } catch (error) {
    if (!(error instanceof PluginCallError)) throw error;
    return kinds.includes(error.failure.kind) ? 'right' : 'lost';
  }
}

const { normalizeError, buildSigner, observe, shape, sign } = wire.v1;
const { filter } = wire.v3;
const candidate = (id: string) => ({
  upstream_id: id,
  name: id,
  kind: 'anthropic_api_key',
  observed_rate_limits: [],
  subscription_quotas: [],
  observed_at_unix_secs: 0,
});

/** The turncoat's ways of failing, after its first answer. */
const TURNS = [
  'Trap',
  'OutOfFuel',
  'PluginError',
  'ResponseVersionMismatch',
  'DeserializeResponseEnvelope',
  'OutputNotUtf8',
  'OutOfMemory',
];

type Row = Omit<SoakPlugin, 'bytes' | 'compiled'> & { readonly path: string; readonly builds: boolean };

const rows: readonly Row[] = [
  {
    name: 'router',
    path: 'router/router',
    admission: 'admitted',
    builds: true,
    options: budget,
    dispatch: (plugin, marker) =>
      answered(
        dispatched(filter, plugin, { ...filter.dryRunRequest(), candidates: [candidate(marker)] }),
        ({ results }) => results.map(({ upstream_id: id }) => id).join(),
        marker,
      ),
  },
  {
    name: 'dialect',
    path: 'dialect/dialect',
    admission: 'admitted',
    builds: true,
    options: budget,
    dispatch: (plugin, marker) =>
      answered(
        dispatched(normalizeError, plugin, { status: 429, body_base64: btoa(marker) }),
        ({ body_base64: body }) => atob(body ?? ''),
        marker,
      ),
  },
  {
    name: 'signer',
    path: 'signer/signer',
    admission: 'admitted',
    builds: true,
    options: budget,
    dispatch: (plugin, marker) =>
      answered(
        dispatched(buildSigner, plugin, { upstream: { kind: 'anthropic_direct' }, factory_state: { key: marker } }),
        ({ signer_state: state }) => state.text,
        marker,
      ),
  },
  {
    name: 'echo',
    path: 'behaviour/echo',
    admission: 'DecodeAccept',
    builds: true,
    options: budget,
    dispatch: (plugin, marker) => called(plugin, 'run', marker, []),
  },
  {
    name: 'turncoat',
    path: 'hostile/turncoat',
    admission: 'admitted',
    builds: true,
    options: budget,
    dispatch: (plugin) => {
      const outcome = dispatched(observe, plugin, { events: [] });
      return outcome.kind === 'ok' ? 'right' : fellBack(outcome, TURNS);
    },
  },
  {
    name: 'bad-answers',
    path: 'behaviour/bad-answers',
    admission: 'admitted',
    builds: true,
    options: budget,
    dispatch: (plugin, marker) =>
      marker.endsWith('0m')
        ? fellBack(dispatched(shape, plugin, shape.dryRunRequest()), ['Trap'])
        : fellBack(dispatched(sign, plugin, sign.dryRunRequest()), ['PluginError']),
  },
  {
    name: 'growth',
    path: 'hostile/growth',
    admission: 'MissingHandshakeExport',
    builds: true,
    options: budget,
    dispatch: (plugin) => called(plugin, 'kernel', '', ['OutOfMemory']),
  },
  {
    name: 'loops',
    path: 'hostile/loops',
    admission: 'Timeout',
    builds: true,
    options: { fuel: Number.POSITIVE_INFINITY, wallMs: 3 },
    slow: true,
    dispatch: (plugin) => called(plugin, 'fill', '', ['Timeout']),
  },
  ...(
    [
      ['self-check-failure', 'behaviour/self-check-failure', 'FailureStatus'],
      ['two-identities', 'behaviour/two-identities', 'DuplicateCustomSection'],
      ['declared-tables', 'hostile/declared-tables', 'Instantiate'],
      ['declared-memory', 'hostile/declared-memory', 'Instantiate'],
      ['loop-in-start', 'hostile/loop-in-start', 'Instantiate'],
    ] as const
  ).map(([name, path, admission]): Row => {
    return { name, path, admission, builds: false, options: budget, dispatch: () => 'lost' };
  }),
];

/** Good plugins and bad ones. */
export const soakPlugins: readonly SoakPlugin[] = rows.map(({ path, builds, ...row }) => {
  const bytes = read(path);
  return { ...row, bytes, compiled: builds ? compilePlugin(bytes) : undefined };
});
