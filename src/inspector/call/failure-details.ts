import type { FailureReport } from '../../inspection/failure-report.ts';
import { isExhaustion } from '../../metering/budget-use.ts';
import { cutText } from './cut-text.ts';
import type { CallFault } from './report.ts';

/** How many fields of a failure are shown, how deep, and how much of each. */
const SHOWN = { fields: 40, depth: 4, characters: 1_000 } as const;

/** What an error says of a call, as plain values. */
export function faultOf(report: FailureReport): CallFault {
  const { error, message, failure, stack, said, hint } = report;
  const reason = unsaidReason(failure, message);
  return {
    error,
    kind: kindsOf(failure).join('.') || report.kind,
    message,
    ...(reason !== undefined && { reason }),
    details: detailsOf(failure),
    ...(stack !== undefined && { stack }),
    ...(said !== undefined && { said }),
    ...(hint !== undefined && { hint }),
  };
}

/**
 * The reason of a failure, if its message leaves it out. That of a trap is the engine's, and that
 * of a budget says less than the message.
 */
function unsaidReason(failure: unknown, message: string): string | undefined {
  if (typeof failure !== 'object' || failure === null) return undefined;
  const { reason, call }: { [name: string]: unknown } = { ...failure };
  if (typeof reason !== 'string' || message.includes(reason)) return undefined;
  const isOfEngine = kindsOf(call).some((kind) => kind === 'Trap' || isExhaustion({ kind }));
  return isOfEngine ? undefined : cutText(reason, SHOWN.characters).text;
}

/** The kinds of a failure and of those within it, from the outside. */
function kindsOf(failure: unknown): string[] {
  if (typeof failure !== 'object' || failure === null) return [];
  const { kind, call, stop, violation }: { [name: string]: unknown } = { ...failure };
  const own = typeof kind === 'string' ? [kind] : [];
  return [...own, ...[call, stop, violation].flatMap(kindsOf)];
}

/** The fields of a failure by their paths. Texts are cut, and the kind is left out. */
export function detailsOf(failure: unknown): readonly (readonly [name: string, value: string])[] {
  const details: [string, string][] = [];
  collect(failure, [], details);
  return details;
}

function collect(value: unknown, path: readonly string[], details: [string, string][]): void {
  if (details.length === SHOWN.fields || value === undefined || typeof value === 'function') return;
  if (typeof value !== 'object' || value === null) {
    if (path.at(-1) === 'kind') return;
    const { text, more } = cutText(String(value), SHOWN.characters);
    details.push([path.join('.') || 'failure', more === 0 ? text : `${text}… (${more} more characters)`]);
    return;
  }
  if (path.length === SHOWN.depth) return;
  for (const [name, part] of Object.entries(value)) collect(part, [...path, name], details);
}
