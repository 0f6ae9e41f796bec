import { formatCount } from '../../digits.ts';
import { hintFor } from '../../hints/index.ts';
import type {
  Hook,
  HookCallError,
  HookOutcome,
  HookPhase,
  PluginMetadata,
  UpstreamCallKind,
} from '../../hooks/index.ts';
import { jsonFormOf } from '../../hooks/json-form.ts';
import { type FailureReport, reportFailure } from '../../inspection/failure-report.ts';
import { printable } from '../../printable.ts';
import { type CellLike, layOutRows } from '../output/rows.ts';
import type { Paint } from '../output/terminal.ts';
import { stackLines } from './admission-text.ts';

/** One call of a hook. */
export interface HookRun {
  /** The name of the plugin's file. */
  readonly file: string;
  readonly hook: Hook;
  /** The hooks that the plugin declares, by name. */
  readonly declared: PluginMetadata['hooks'];
  readonly outcome: HookOutcome<unknown>;
  /** How long the call took, in milliseconds. */
  readonly durationMs: number;
  /** The fuel that the call burnt. */
  readonly fuel: number;
}

/** The outcome of a call in the `--json` output. */
export type HookOutcomeReport = {
  /** Only an `active` hook is called by a host; `null` if the plugin does not declare the hook. */
  readonly mode: 'active' | 'noop' | null;
  readonly durationMs: number;
  readonly fuel: number;
} & (
  | { readonly kind: 'ok'; readonly response: unknown }
  | {
      readonly kind: 'error';
      readonly phase: HookPhase;
      /** What cc-lb calls the failure; `null` if its dispatch has no such failure. */
      readonly upstream: UpstreamCallKind | null;
      /** Why the call failed, with a hint. */
      readonly error: FailureReport;
    }
);

/** Reports a call as plain values. The response is in its JSON form. */
export function reportHookRun({ hook, declared, outcome, durationMs, fuel }: HookRun): HookOutcomeReport {
  const facts = { mode: declared[hook.name]?.mode ?? null, durationMs, fuel };
  if (outcome.kind === 'ok') {
    return { kind: 'ok', ...facts, response: jsonFormOf(hook.response).plain(outcome.response) };
  }
  const { phase, upstream } = outcome.error;
  return { kind: 'error', ...facts, phase, upstream, error: reportFailure(outcome.error) };
}

/** Says why a host would not make the call; `undefined` if it would. */
export function remarkOn({ hook: { name }, declared }: HookRun): string | undefined {
  const mode = declared[name]?.mode;
  if (mode === 'active') return undefined;
  if (mode === 'noop') return `a host does not call ${name}, because the plugin declares it as noop`;
  return `a host does not call ${name}: the plugin declares ${printable(Object.keys(declared).join(', '))}`;
}

/** Writes a call that failed as lines of text. */
export function failedCallLines({ file, hook, fuel }: HookRun, error: HookCallError, paint: Paint): string[] {
  const { phase, upstream, failure, message } = error;
  const rows: CellLike[][] = [
    ['phase', phase],
    ['error', `${failure.kind}: ${printable(message)}`],
    ...stackLines(failure, file).map((line): CellLike[] => ['trapped', line]),
    ['cc-lb', upstream ?? 'has no such failure'],
    ['fuel', formatCount(fuel)],
  ];
  const hint = hintFor(error);
  if (hint !== undefined) rows.push(['hint', hint]);
  return [`${paint('bold', hook.name)}: ${paint('red', 'failed')}`, ...layOutRows(rows, paint)];
}
