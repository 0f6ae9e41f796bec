import { shortened } from '../failure.ts';
import { BuildPluginError } from '../plugin/index.ts';
import { admit } from '../protocol/admit.ts';
import { buildOffer, validateOffer } from '../protocol/handshake.ts';
import type { PluginKind } from '../protocol/messages/index.ts';
import { type Check, type Finding, fail, skip } from './check.ts';
import { checksFor } from './checks/index.ts';
import { exchangeOf } from './exchange.ts';
import { exercisesFor } from './exercises.ts';
import { functionsOf, kindNamed, kindNames, kindsOf } from './kinds.ts';
import { resolveOptions, type VerifyOptions, verifyOptionRules } from './options.ts';
import {
  type CheckReport,
  type CheckStatus,
  type ConformanceKind,
  REPORT_VERSION,
  type VerifiedPlugin,
  type VerifyReport,
} from './report.ts';
import { Bench, negotiatedFunctions } from './test-host.ts';

/**
 * Verifies a router: a plugin with `filter`. See {@link verifyPlugin}, of which this is one kind.
 *
 * @throws TypeError and the like for wrong options, never for what the plugin is or does.
 */
export function verifyRouter(wasm: Uint8Array, options: VerifyOptions = {}): VerifyReport {
  return verifyPlugin(wasm, 'router', options);
}

/** Verifies a dialect: a plugin with `shape`, and maybe `normalize_error`. Throws as {@link verifyRouter}. */
export function verifyShape(wasm: Uint8Array, options: VerifyOptions = {}): VerifyReport {
  return verifyPlugin(wasm, 'shape', options);
}

/** Verifies an observability plugin: one with `observe`. Throws as {@link verifyRouter}. */
export function verifyObservability(wasm: Uint8Array, options: VerifyOptions = {}): VerifyReport {
  return verifyPlugin(wasm, 'observability', options);
}

/** Verifies a signer: a plugin with `build_signer` and `sign`, and maybe `on_unauthorized`. Throws as {@link verifyRouter}. */
export function verifySigner(wasm: Uint8Array, options: VerifyOptions = {}): VerifyReport {
  return verifyPlugin(wasm, 'signer', options);
}

/**
 * Takes a plugin through the layers, then calls it in every way that a host does and in some that none should, and reports on each rule. All of
 * it happens on this thread; a plugin that never ends takes the budget of each call that it does not end.
 *
 * @param wasm the bytes of its module.
 * @param kind what it is verified as, by the suite's name or the protocol's: `shape` is the `dialect` of the protocol, `signer` its
 * `signer_factory`; the report has the former. `auto` for the kinds that its functions belong to.
 * @throws TypeError for arguments of the wrong type, HandshakeExecutionError for capabilities that make no offer.
 */
export function verifyPlugin(
  wasm: Uint8Array,
  kind: ConformanceKind | PluginKind | 'auto',
  options: VerifyOptions = {},
): VerifyReport {
  if (!(wasm instanceof Uint8Array)) throw new TypeError('wasm must be a Uint8Array');
  const named = kindNamed(kind);
  if (named === undefined) throw new TypeError(`kind must be one of ${kindNames.join(', ')}, auto`);
  const since = performance.now();
  const resolved = resolveOptions(options, verifyOptionRules);
  const { hostCapabilities, limits, clock } = resolved;
  validateOffer(buildOffer(hostCapabilities));
  const admission = admit(wasm, { hostCapabilities, limits, clock });
  const kinds = named === 'auto' ? kindsOf(negotiatedFunctions(admission)) : [named];
  const bench = new Bench(wasm, resolved, admission, kinds);
  const checks = runAll(checksFor(kinds, resolved), bench, options.onProgress);
  const exercises = exercisesFor(resolved);
  const used = functionsOf(kinds, 'allowed').map((name) => exercises[name]);
  const exchange = exchangeOf(bench, used, checks);
  const counts = countStatuses(checks);
  return {
    version: REPORT_VERSION,
    verdict: counts.fail > 0 ? 'fail' : counts.warn > 0 ? 'warn' : 'pass',
    kind: named,
    kinds,
    plugin: describePlugin(bench),
    counts,
    durationMs: performance.now() - since,
    checks,
    exchange,
  };
}

function runAll(checks: readonly Check[], bench: Bench, onProgress: VerifyOptions['onProgress']): CheckReport[] {
  const reports: CheckReport[] = [];
  /** Checks that later ones cannot do without, and the failed check that is the reason. */
  const broken = new Map<string, string>();
  const functions: readonly string[] = bench.functions;
  for (const check of checks) {
    const cause = check.needs.map((id) => broken.get(id)).find((id) => id !== undefined);
    const since = performance.now();
    const finding = cause === undefined ? runCheck(check, bench, functions) : skip(`${cause} failed`);
    const report = reportOf(check, finding, performance.now() - since);
    if (cause !== undefined || finding.status === 'fail') broken.set(check.id, cause ?? check.id);
    reports.push(report);
    onProgress?.({ done: reports.length, total: checks.length, check: report });
  }
  return reports;
}

function runCheck(check: Check, bench: Bench, functions: readonly string[]): Finding {
  if (check.function !== undefined && !functions.includes(check.function)) {
    return skip(`the plugin does not implement ${check.function}`);
  }
  try {
    return check.run(bench);
  } catch (error) {
    // It could be built for the handshake, but not with the budget that the options give to a dispatch.
    if (error instanceof BuildPluginError) return fail(error.message, 'Give the plugin a larger budget.');
    throw error;
  }
}

function reportOf(check: Check, finding: Finding, durationMs: number): CheckReport {
  const { status, measured, found, reason } = finding;
  const hint = status === 'fail' || status === 'warn' ? (finding.hint ?? check.hint) : undefined;
  return {
    id: check.id,
    rule: check.rule,
    reference: `abi/PROTOCOL.md#${check.anchor}`,
    status,
    ...(measured !== undefined && { measured }),
    ...(found !== undefined && { found: shortened(found) }),
    ...(hint !== undefined && { hint }),
    ...(reason !== undefined && { reason }),
    durationMs,
  };
}

function countStatuses(checks: readonly CheckReport[]): Record<CheckStatus, number> {
  const counts = { pass: 0, warn: 0, fail: 0, skipped: 0 };
  for (const { status } of checks) counts[status]++;
  return counts;
}

function describePlugin({ wasm, admission }: Bench): VerifiedPlugin {
  const { identity, accept } = admission;
  return {
    bytes: wasm.length,
    ...(identity && { name: identity.plugin_name, version: identity.plugin_version }),
    functions: negotiatedFunctions(admission),
    capabilities: accept?.required_capabilities ?? [],
  };
}
