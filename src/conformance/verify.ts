import { recover } from '../failure.ts';
import { adviceOn, MODULE_BYTES, type ModuleBytes, unsharedBytes } from '../module-source.ts';
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
import { type ConformanceKind, REPORT_VERSION, type VerifiedPlugin, type VerifyReport } from './report.ts';
import { runChecks, summarize } from './run-checks.ts';
import { negotiatedFunctions, TestHost } from './test-host.ts';

/**
 * Verifies a router: a plugin with `filter`. Calls {@link verifyPlugin}.
 *
 * @throws as {@link verifyPlugin}.
 */
export function verifyRouter(wasm: ModuleBytes, options: VerifyOptions = {}): VerifyReport {
  return verifyPlugin(wasm, 'router', options);
}

/**
 * Verifies a dialect: a plugin with `shape`, optionally `normalize_error`. Calls {@link
 * verifyPlugin}.
 */
export function verifyShape(wasm: ModuleBytes, options: VerifyOptions = {}): VerifyReport {
  return verifyPlugin(wasm, 'shape', options);
}

/** Verifies an observability plugin: one with `observe`. Calls {@link verifyPlugin}. */
export function verifyObservability(wasm: ModuleBytes, options: VerifyOptions = {}): VerifyReport {
  return verifyPlugin(wasm, 'observability', options);
}

/**
 * Verifies a signer: a plugin with `build_signer` and `sign`, optionally `on_unauthorized`. Calls
 * {@link verifyPlugin}.
 */
export function verifySigner(wasm: ModuleBytes, options: VerifyOptions = {}): VerifyReport {
  return verifyPlugin(wasm, 'signer', options);
}

/**
 * Takes a plugin through the layers, calls it with valid and with malformed requests, and reports
 * on each rule. Runs synchronously: each call of a plugin that never returns takes its whole
 * budget.
 *
 * @param wasm the bytes of the module.
 * @param kind what the plugin is verified as. The names of the protocol are accepted too: `dialect`
 * for `shape`, `signer_factory` for `signer`. The report has the suite's names. `auto` selects the
 * kinds of the plugin's functions.
 * @returns the report. Nothing that the plugin is or does is thrown.
 * @throws TypeError if an argument is malformed. HandshakeExecutionError if `hostCapabilities`
 * breaks a rule of the offer.
 */
export function verifyPlugin(
  wasm: ModuleBytes,
  kind: ConformanceKind | PluginKind | 'auto',
  options: VerifyOptions = {},
): VerifyReport {
  return verifyBytes(wasm, undefined, kind, options);
}

/**
 * {@link verifyPlugin} for a plugin that may be prepared.
 *
 * @param prepared the module that the bytes became, if they are prepared and are believed.
 * @throws as `verifyPlugin`, and as `admit` if `prepared` is not a prepared module.
 */
export function verifyBytes(
  wasm: ModuleBytes,
  prepared: WebAssembly.Module | undefined,
  kind: ConformanceKind | PluginKind | 'auto',
  options: VerifyOptions,
): VerifyReport {
  const bytes = unsharedBytes(wasm);
  if (bytes === undefined) throw new TypeError(`wasm must be ${MODULE_BYTES}${adviceOn(wasm)}`);
  const named = kindNamed(kind);
  if (named === undefined) throw new TypeError(`kind must be one of ${kindNames.join(', ')}, auto`);
  const since = performance.now();
  const resolved = resolveOptions(options, verifyOptionRules);
  const { hostCapabilities, hostFunctions, config, limits, clock } = resolved;
  validateOffer(buildOffer(hostCapabilities));
  const admission = admit(prepared ?? bytes, { hostCapabilities, hostFunctions, config, limits, clock });
  const kinds = named === 'auto' ? kindsOf(negotiatedFunctions(admission)) : [named];
  const host = new TestHost(bytes, resolved, admission, kinds, prepared);
  const checks = runChecks({
    checks: checksFor(kinds, resolved),
    document: 'abi/PROTOCOL.md',
    run: (check) => runCheck(check, host),
    onProgress: options.onProgress,
  });
  const exercises = exercisesFor(resolved);
  const used = functionsOf(kinds, 'allowed').map((name) => exercises[name]);
  const exchange = exchangeOf(host, used, checks);
  return {
    version: REPORT_VERSION,
    generation: 1,
    kind: named,
    kinds,
    plugin: describePlugin(host),
    ...summarize(checks),
    durationMs: performance.now() - since,
    checks,
    exchange,
  };
}

function runCheck(check: Check, host: TestHost): Finding {
  const functions: readonly string[] = host.functions;
  if (check.function !== undefined && !functions.includes(check.function)) {
    return skip(`the plugin does not implement ${check.function}`);
  }
  return recover(
    () => check.run(host),
    BuildPluginError,
    // The handshake could build the plugin, but the dispatch budget of the options is too small.
    ({ message }) => fail(message, 'Give the plugin a larger budget.'),
  );
}

function describePlugin({ wasm, admission }: TestHost): VerifiedPlugin {
  const { identity, accept } = admission;
  return {
    bytes: wasm.length,
    ...(identity && { name: identity.plugin_name, version: identity.plugin_version }),
    functions: negotiatedFunctions(admission),
    capabilities: accept?.required_capabilities ?? [],
  };
}
