import { kinds } from './kinds/index.ts';
import type { Outcome } from './try-module.ts';

/** A finding: what missed which aim, made small. */
export interface Found {
  readonly seed: number;
  /** Number of the case. */
  readonly index: number;
  readonly runtime: string;
  readonly aim: string;
  readonly minutes: number;
  /** The options that run the case again. */
  readonly rerun: string;
  readonly outcome: Outcome;
}

/** What a run came to. */
export class Counts {
  cases = 0;
  accepted = 0;
  unsupported = 0;
  refused = 0;
  readonly found: Found[] = [];
  readonly #byLimit = new Map<string, number>();
  readonly #pairs = new Map<string, number>();
  readonly #findings = new Map<string, number>();

  /** A module was refused. */
  addRefused({ refusal }: Outcome): void {
    this.refused++;
    add(this.#byLimit, refusal ?? 'no reason');
  }

  /** A case ended with this module. */
  addCase(last: Outcome): void {
    this.cases++;
    if (last.kind === 'accepted') this.accepted++;
    else if (last.kind === 'unsupported') this.unsupported++;
    else this.addRefused(last);
    const names = last.recipe.parts.map(({ kind }) => kind).sort();
    for (const [at, first] of names.entries())
      for (const second of names.slice(at)) add(this.#pairs, `${first} ${second}`);
  }

  /** Counts a finding; says whether it is the first of its kinds, aim and runtime. */
  addFinding(found: Found): boolean {
    const key = keyOf(found);
    add(this.#findings, key);
    if (this.#findings.get(key) !== 1) return false;
    this.found.push(found);
    return true;
  }

  /** Whether modules of these kinds have missed an aim on a runtime before. */
  isKnown(aim: string, runtime: string, names: readonly string[]): boolean {
    return this.found.some(
      (each) =>
        each.aim === aim &&
        each.runtime === runtime &&
        each.outcome.recipe.parts.every(({ kind }) => names.includes(kind)),
    );
  }

  /**
   * How often each pair of kinds was mixed, as a table of text; on the diagonal how often a kind
   * was drawn.
   */
  pairs(): string {
    const names = kinds.map(({ name }) => name).sort();
    const width = Math.max(...names.map(({ length }) => length));
    const head = `${''.padEnd(width)} ${names.map((_, index) => String(index + 1).padStart(4)).join('')}`;
    const rows = names.map((name, row) => {
      const cells = names
        .slice(0, row + 1)
        .map((other) => String(this.#pairs.get(`${other} ${name}`) ?? 0).padStart(4));
      return `${name.padEnd(width)} ${cells.join('')}  ${row + 1}`;
    });
    return [head, ...rows].join('\n');
  }

  /** The counts, as text. */
  report(): string {
    const { cases, accepted, refused, unsupported } = this;
    const distinct = new Set(this.found.map(({ aim, runtime }) => `${aim} ${runtime}`)).size;
    const lines = [
      `${cases} cases: ${accepted} accepted, ${unsupported} that the engine does not take; ${refused} modules refused:`,
      ...[...this.#byLimit].sort(([, a], [, b]) => b - a).map(([limit, count]) => `  ${count} by ${limit}`),
      `${this.found.length} findings (${distinct} pairs of aim and runtime):`,
      ...this.found.map((found) => `  ${describe(found)}; ${this.#findings.get(keyOf(found)) ?? 0} times`),
    ];
    return lines.join('\n');
  }
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

const keyOf = ({ aim, runtime, outcome }: Found): string =>
  `${aim} ${runtime} ${outcome.recipe.parts
    .map(({ kind }) => kind)
    .sort()
    .join('+')}`;

/** A module's parts in a line. */
export function describeRecipe({ parts, together, copies }: Outcome['recipe']): string {
  const each = parts.map(({ kind, size, variant }) => `${kind}${variant === '' ? '' : `/${variant}`} ${size}`);
  const where = together && parts.length > 1 ? ' in one function' : '';
  return `${each.join(' + ')}${where}${copies > 1 ? `, ${copies} copies` : ''}`;
}

/** A finding in a line. */
export function describe({ rerun, runtime, aim, minutes, outcome }: Found): string {
  const miss = outcome.misses.find((each) => each.aim === aim);
  const what = miss === undefined ? aim : `${miss.what}: ${miss.measured}, allowed ${miss.allowed}`;
  const module = `${describeRecipe(outcome.recipe)} (${outcome.bytes} bytes)`;
  return `${runtime} ${aim}: ${module}: ${what}; ${rerun}, minute ${minutes.toFixed(0)}`;
}
