import type { Part, Recipe } from './build-module.ts';
import type { Kind } from './kind.ts';
import { kindNamed, kinds } from './kinds/index.ts';
import { pick, type Random, randomOf } from './random.ts';
import type { SizeLimits } from './size-limits.ts';

/** How often a module is of one kind, of two, of three and of four. */
const KINDS_WEIGHTS = [0.35, 0.7, 0.9, 1];

/** How often a size is the largest that the limits allow. */
const LARGEST = 0.25;

/** How often code stands in one function only. */
const ONE_COPY = 0.6;

const COPIES_MAX = 10_000;

/** The largest size of a kind under some limits. */
export function largestSize({ limit, max, min = 1 }: Kind, limits: SizeLimits): number {
  const allowed = limit === undefined ? max : (limits[limit] ?? max);
  return Math.max(min, Math.min(max, allowed));
}

/**
 * Draws between two sizes; each order of magnitude is as likely as another, but large ones are
 * somewhat likelier.
 */
function drawSize(random: Random, least: number, largest: number): number {
  if (random() < LARGEST) return largest;
  const [from, to] = [Math.log(least), Math.log(largest)];
  return Math.round(Math.exp(from + (to - from) * Math.sqrt(random())));
}

/** What a case is about: its first kind in one of its variants, on one of the runtimes. */
interface Topic {
  readonly kind: Kind;
  readonly variant: string;
  readonly runtime: number;
}

/** All topics in an order that depends on the seed: after as many cases each was drawn once. */
function topics(seed: number, round: number, from: readonly Kind[], runtimes: number): readonly Topic[] {
  const random = randomOf(seed, -2 - round);
  const all = from.flatMap((kind) =>
    (kind.variants ?? ['']).flatMap((variant) =>
      Array.from({ length: runtimes }, (_, runtime): Topic => ({ kind, variant, runtime })),
    ),
  );
  const keyed = all.map((topic) => ({ topic, key: random() }));
  return keyed.sort((one, other) => one.key - other.key).map(({ topic }) => topic);
}

/** A case: a module, and the runtime that it is tried on, by its index. */
export interface Case {
  readonly recipe: Recipe;
  readonly runtime: number;
}

/**
 * The case of a number. The same for the same seed, limits, kinds and number of runtimes.
 *
 * @param from the kinds to choose from.
 */
export function drawCase(
  seed: number,
  index: number,
  limits: SizeLimits,
  { from = kinds, runtimes = 1 }: { readonly from?: readonly Kind[]; readonly runtimes?: number } = {},
): Case {
  const perRound = from.reduce((sum, { variants = [''] }) => sum + variants.length, 0) * runtimes;
  const topic = topics(seed, Math.floor(index / perRound), from, runtimes)[index % perRound];
  if (topic === undefined) throw new RangeError('there are no kinds to draw from');
  const random = randomOf(seed, index);
  const draw = random();
  const count = 1 + KINDS_WEIGHTS.findIndex((weight) => draw < weight);
  const chosen = [topic.kind];
  while (chosen.length < count) {
    const fitting = from.filter((kind) => !chosen.includes(kind) && goesWith(kind, chosen));
    if (fitting.length === 0) break;
    chosen.push(pick(random, fitting));
  }
  const parts = chosen.map((kind): Part => {
    const size = drawSize(random, kind.min ?? 1, largestSize(kind, limits));
    return {
      kind: kind.name,
      size,
      variant: kind === topic.kind ? topic.variant : pick(random, kind.variants ?? ['']),
    };
  });
  const together = random() < 0.5;
  const most = Math.max(1, Math.min(COPIES_MAX, ...parts.map((part) => copiesWithin(part, limits))));
  const copies = random() < ONE_COPY ? 1 : drawSize(random, 1, most);
  return { recipe: { parts, together, copies }, runtime: topic.runtime };
}

/**
 * How many functions may have a part before a limit on the module is exceeded: `moduleBranches`
 * beside `branches`.
 */
function copiesWithin({ kind, size }: Part, limits: SizeLimits): number {
  const { limit = '' } = kindNamed(kind);
  const ofModule = limits[`module${limit.slice(0, 1).toUpperCase()}${limit.slice(1)}`];
  return ofModule === undefined ? COPIES_MAX : Math.floor(ofModule / size);
}

/** Engines refuse modules that use both sets of instructions for exceptions. */
function goesWith({ exceptions }: Kind, chosen: readonly Kind[]): boolean {
  return (
    exceptions === undefined || chosen.every((kind) => kind.exceptions === undefined || kind.exceptions === exceptions)
  );
}

/** How much smaller a module is made that was refused. */
const SMALLER = 0.6;

/** How many times fewer copies there are of what is too much for the module. */
const FEWER = 3;

/** Limits that a function of its own cannot exceed, but many can. */
const isOfModule = (limit: string): boolean =>
  limit.startsWith('module') || limit === 'codeBytes' || limit === 'functions';

/**
 * The same module, smaller in what it was refused for, so far as that is known.
 *
 * @param limit the limit that it exceeded.
 */
export function smaller({ parts, together, copies }: Recipe, limit: string | undefined): Recipe {
  if (copies > 1 && limit !== undefined && isOfModule(limit))
    return { parts, together, copies: Math.ceil(copies / FEWER) };
  const blamed = parts.filter(({ kind }) => kindNamed(kind).limit === limit);
  return {
    parts: parts.map((part) => {
      if (blamed.length > 0 && !blamed.includes(part)) return part;
      return { ...part, size: Math.max(1, Math.floor(part.size * SMALLER)) };
    }),
    together,
    copies: blamed.length > 0 ? copies : Math.max(1, Math.floor(copies * SMALLER)),
  };
}
