import { type ConformanceKind, type VerifyReport, verifyPlugin } from '../../src/conformance/index.ts';
import { Plugin } from '../../src/plugin/index.ts';
import { buildOffer } from '../../src/protocol/handshake.ts';
import { encodeJson, handshakeOffer, type WireFunctionName } from '../../src/protocol/messages/index.ts';
import { fixture } from './fixture.ts';
import { identityPayload } from './guest-wat.ts';
import type { Script, Scripted, ScriptedGuest } from './scripted-guest.ts';

/**
 * A plugin that conforms, as what it answered while it was verified: the start of plugins that
 * break one rule.
 */
export interface RecordedPlugin {
  readonly kind: ConformanceKind;
  readonly report: VerifyReport;
  readonly functions: readonly WireFunctionName[];
  /** By function and input: what it answered, the first time. */
  readonly answered: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** By function: the inputs that it never answered. */
  readonly refused: ReadonlyMap<string, readonly string[]>;
}

/** Verifies a fixture, and keeps what went over. */
export async function recordPlugin(
  path: string,
  kind: ConformanceKind,
  functions: readonly WireFunctionName[],
): Promise<RecordedPlugin> {
  const answered = new Map(functions.map((name) => [name as string, new Map<string, string>()]));
  const tried = new Map(functions.map((name) => [name as string, new Set<string>()]));
  const original = Plugin.prototype.callText;
  const wasm = await fixture(path);
  Plugin.prototype.callText = function (name: string, input = ''): string {
    tried.get(name)?.add(String(input));
    const output = original.call(this, name, input);
    const answers = answered.get(name);
    if (answers !== undefined && !answers.has(String(input))) answers.set(String(input), output);
    return output;
  };
  try {
    const report = verifyPlugin(wasm, kind);
    const refused = new Map(
      [...tried].map(([name, inputs]) => [name, [...inputs].filter((input) => !answered.get(name)?.has(input))]),
    );
    return { kind, report, functions, answered, refused };
  } finally {
    Plugin.prototype.callText = original;
  }
}

/** An accept of these functions. */
export const acceptOf = (functions: readonly string[]) => ({
  handshake_schema_version: 1,
  envelope_version: 1,
  chosen_versions: Object.fromEntries(functions.map((name) => [name, 1])),
  plugin_supported: Object.fromEntries(functions.map((name) => [name, [1]])),
  implemented_functions: functions,
  required_capabilities: [] as readonly string[],
});

/** The response of a self-check that finds nothing. */
export const selfCheckSuccess = '{"status":"success","failures":[],"completed_at":1}';

/**
 * The script of a handshake that answers the built-in offer with a text, and any other with an
 * error.
 */
export const handshakeScript = (accept: string, hostCapabilities: readonly string[] = []): Script => ({
  answers: new Map([[encodeJson(handshakeOffer, buildOffer(hostCapabilities), 'declared'), accept]]),
  otherwise: { error: 'no common version' },
});

/** A script that does the same for each input. */
export const always = (otherwise: Scripted): Script => ({ answers: new Map(), otherwise });

/** A guest that answers as a recorded plugin did, and refuses everything else. */
export function replay({ functions, answered }: RecordedPlugin): ScriptedGuest {
  const scripts = functions.map((name): [string, Script] => [
    name,
    { answers: new Map(answered.get(name)), otherwise: { error: 'not a request' } },
  ]);
  return {
    identities: [identityPayload()],
    exports: {
      cc_lb_handshake: handshakeScript(JSON.stringify(acceptOf(functions))),
      cc_lb_self_check: always(selfCheckSuccess),
      ...Object.fromEntries(scripts),
    },
  };
}

/** A replay that does something else for one input of one function. */
export function replayBut(plugin: RecordedPlugin, name: string, input: string, scripted: Scripted): ScriptedGuest {
  const guest = replay(plugin);
  const script = guest.exports[name];
  if (script === undefined) throw new Error(`the recorded plugin has no ${name}`);
  const answers = new Map([...script.answers, [input, scripted] as const]);
  return { ...guest, exports: { ...guest.exports, [name]: { ...script, answers } } };
}

/** The recorded plugins, each recorded once in a process. */
const recordings = new Map<ConformanceKind, Promise<RecordedPlugin>>();

const sources: Readonly<Record<ConformanceKind, readonly [path: string, functions: readonly WireFunctionName[]]>> = {
  router: ['router/router.wasm', ['filter']],
  shape: ['dialect/dialect.wasm', ['shape', 'normalize_error']],
  observability: ['observer/observer.wasm', ['observe']],
  signer: ['signer/signer.wasm', ['build_signer', 'sign', 'on_unauthorized']],
};

/** The recording of the fixture of that kind. */
export function recorded(kind: ConformanceKind): Promise<RecordedPlugin> {
  const known = recordings.get(kind);
  if (known !== undefined) return known;
  const [path, functions] = sources[kind];
  const recording = recordPlugin(path, kind, functions);
  recordings.set(kind, recording);
  return recording;
}

/** The checks that some report of this process has a fault of. */
const seen = new Set<string>();

/** The checks of a report that failed or warned: `fail filter.answers`. */
export function faultsOf({ checks }: VerifyReport): string[] {
  const faults = checks.filter(({ status }) => status === 'fail' || status === 'warn');
  for (const { id } of faults) seen.add(id);
  return faults.map(({ id, status }) => `${status} ${id}`);
}

/** Of all checks those of these groups that no report so far had a fault of. */
export async function unseenChecks(isOfGroup: (group: string) => boolean): Promise<string[]> {
  // The cast: the keys of the table are the kinds.
  const reports = await Promise.all((Object.keys(sources) as ConformanceKind[]).map(recorded));
  const ids = new Set(reports.flatMap(({ report }) => report.checks.map(({ id }) => id)));
  return [...ids].filter((id) => isOfGroup(id.split('.')[0] ?? '') && !seen.has(id));
}
