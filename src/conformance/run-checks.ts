import { shortened } from '../failure.ts';
import { type Check, type Finding, skip } from './check.ts';
import type { Progress } from './options.ts';
import type { CheckReport, CheckStatus, VerifyReport } from './report.ts';

/** The checks of one verification, and how they are run. */
export interface CheckRun<Host> {
  readonly checks: readonly Check<Host>[];
  /** The document that states the rules. The references of checks begin with it. */
  readonly document: 'abi/PROTOCOL.md' | 'abi/HOOKS.md';
  /** Runs one check. It is not called for a check that needs one that failed. */
  readonly run: (check: Check<Host>) => Finding;
  /** Called after each check. */
  readonly onProgress: ((progress: Progress) => void) | undefined;
}

/** Runs checks in their order. One that needs a failed check is skipped, and so on. */
export function runChecks<Host>({ checks, document, run, onProgress }: CheckRun<Host>): CheckReport[] {
  const reports: CheckReport[] = [];
  /** The checks that failed or were skipped, each with the failed check that caused it. */
  const broken = new Map<string, string>();
  for (const check of checks) {
    const cause = check.needs.map((id) => broken.get(id)).find((id) => id !== undefined);
    const since = performance.now();
    const found = cause === undefined ? run(check) : skip(`${cause} failed`);
    const finding: Finding = check.advice && found.status === 'fail' ? { ...found, status: 'warn' } : found;
    const report = reportOf(check, document, finding, performance.now() - since);
    if (cause !== undefined || finding.status === 'fail') broken.set(check.id, cause ?? check.id);
    reports.push(report);
    onProgress?.({ done: reports.length, total: checks.length, check: report });
  }
  return reports;
}

function reportOf(
  check: Pick<CheckReport, 'id' | 'rule'> & { readonly anchor: string; readonly hint?: string },
  document: string,
  finding: Finding,
  durationMs: number,
): CheckReport {
  const { status, measured, found, reason } = finding;
  const hint = status === 'fail' || status === 'warn' ? (finding.hint ?? check.hint) : undefined;
  return {
    id: check.id,
    rule: check.rule,
    reference: `${document}#${check.anchor}`,
    status,
    ...(measured !== undefined && { measured }),
    ...(found !== undefined && { found: shortened(found) }),
    ...(hint !== undefined && { hint }),
    ...(reason !== undefined && { reason }),
    durationMs,
  };
}

/** Counts the results, and draws the verdict from them. */
export function summarize(checks: readonly CheckReport[]): Pick<VerifyReport, 'verdict' | 'counts'> {
  const counts: Record<CheckStatus, number> = { pass: 0, warn: 0, fail: 0, skipped: 0 };
  for (const { status } of checks) counts[status]++;
  return { verdict: counts.fail > 0 ? 'fail' : counts.warn > 0 ? 'warn' : 'pass', counts };
}
