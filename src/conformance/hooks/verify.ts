import { recover } from '../../failure.ts';
import { admitHooks } from '../../hooks/admit.ts';
import { inspectHooks } from '../../hooks/inspect.ts';
import { HookInspectError } from '../../hooks/inspect-error.ts';
import { adviceOn, copyBytes, MODULE_BYTES, type ModuleBytes, type ModuleSource } from '../../module-source.ts';
import { type Check, type Finding, skip } from '../check.ts';
import { type ConformanceSlot, REPORT_VERSION, type VerifiedPlugin, type VerifyReport } from '../report.ts';
import { runChecks, summarize } from '../run-checks.ts';
import { hookChecksFor, hookSuitesFor } from './checks/index.ts';
import { hookExchangeOf } from './exchange.ts';
import { conformanceSlots, resolveHooksOptions, type VerifyHooksOptions } from './options.ts';
import { HookTestHost } from './test-host.ts';

/**
 * Inspects and admits a plugin of the hook ABI, calls its active hooks with requests that a host
 * can send, and reports on each rule. Runs synchronously. Fuel ends a call that never returns, so
 * the same plugin has the same result on every machine. A clock ends a call only after a minute.
 *
 * @param wasm the bytes of the module. They are copied.
 * @param options `slot` says what the plugin is verified for: `filter`, or `shape` with its two
 * response hooks. Without it, all slots that the plugin is right for.
 * @returns the report, of the same type as that of `verifyPlugin`. Nothing that the plugin is or
 * does is thrown.
 * @throws TypeError if an argument is malformed. HookCompileError `CompilationRefused` if the
 * engine may not compile, which says nothing about the plugin.
 */
export function verifyHooks(wasm: ModuleBytes, options: VerifyHooksOptions = {}): VerifyReport {
  return verifyHookBytes(wasm, undefined, options);
}

/**
 * {@link verifyHooks} for a plugin that may be prepared.
 *
 * @param prepared the module that the bytes became, if they are prepared and are believed.
 * @throws as `verifyHooks`, and as `admitHooks` if `prepared` is not a prepared module.
 */
export function verifyHookBytes(
  wasm: ModuleBytes,
  prepared: WebAssembly.Module | undefined,
  options: VerifyHooksOptions,
): VerifyReport {
  const bytes = copyBytes(wasm);
  if (bytes === undefined) throw new TypeError(`wasm must be ${MODULE_BYTES}${adviceOn(wasm)}`);
  const source = prepared ?? bytes;
  const since = performance.now();
  const resolved = resolveHooksOptions(options);
  const { slot, limits, moduleLimits } = resolved;
  const slots = slot === undefined ? slotsOf(source) : [slot];
  const [first] = slots;
  const { report: admission } = admitHooks(source, { ...limits, limits: moduleLimits, slot: first });
  const report = verifyWith(new HookTestHost(bytes, resolved, admission, slots, prepared), options.onProgress);
  return { ...report, durationMs: performance.now() - since };
}

/** Verifies a plugin with a host that is made already. */
export function verifyWith(host: HookTestHost, onProgress?: VerifyHooksOptions['onProgress']): VerifyReport {
  const since = performance.now();
  const suites = hookSuitesFor(host.slots);
  const checks = runChecks({
    checks: hookChecksFor(suites),
    document: 'abi/HOOKS.md',
    run: (check) => runCheck(check, host),
    onProgress,
  });
  return {
    version: REPORT_VERSION,
    generation: 2,
    kind: host.options.slot ?? 'auto',
    kinds: host.slots,
    plugin: describePlugin(host),
    ...summarize(checks),
    durationMs: performance.now() - since,
    checks,
    exchange: hookExchangeOf(host, suites),
  };
}

/** The slots that a plugin is right for, by inspection. */
function slotsOf(wasm: ModuleSource): ConformanceSlot[] {
  const rightFor = (slot: ConformanceSlot): ConformanceSlot[] => {
    inspectHooks(wasm, slot);
    return [slot];
  };
  return conformanceSlots.flatMap((slot) =>
    recover(
      () => rightFor(slot),
      HookInspectError,
      () => [],
    ),
  );
}

function runCheck(check: Check<HookTestHost>, host: HookTestHost): Finding {
  const called: readonly string[] = host.hooks;
  return check.function === undefined || called.includes(check.function)
    ? check.run(host)
    : skip(`${check.function} is not an active hook of the plugin`);
}

function describePlugin({ wasm, admission: { inspection } }: HookTestHost): VerifiedPlugin {
  return {
    bytes: wasm.length,
    ...(inspection && { name: inspection.metadata.name, version: inspection.metadata.version }),
    functions: inspection?.hooks.map(({ name }) => name) ?? [],
    capabilities: [],
  };
}
