import { limitRule, type OptionRules } from '../option-rules.ts';

/** One limit on what a module may contain. */
export interface LimitRow {
  /** The value when the caller gives none. */
  readonly byDefault: number;
  /** What is counted, as the refusal says it. */
  readonly counts: string;
  /** What is refused when it has more of these than the limit: the refusal names it. */
  readonly of: 'module' | 'type' | 'function';
}

const KIB = 1024;
const MIB = 1024 * KIB;

/*
 * The defaults leave plugins ten times what the largest known plugin has, unless one such module
 * would take an engine longer than half a second to compile, a function longer than 400 ms to
 * enter, or more than 256 MB. RATIONALE.md, "Why is the structure of a module bounded?", has the
 * measurements.
 */

/**
 * The limits on the structure of a module, by name. Each of these costs an engine more
 * time and memory than its bytes do, or makes it end the process at some number.
 */
export const MODULE_LIMITS = {
  moduleBytes: { byDefault: 16 * MIB, counts: 'bytes', of: 'module' },
  codeBytes: { byDefault: 2 * MIB, counts: 'bytes of code', of: 'module' },
  customSections: { byDefault: 1_000, counts: 'custom sections', of: 'module' },
  nameBytes: { byDefault: 2 * MIB, counts: 'bytes of the name section', of: 'module' },
  types: { byDefault: 1_000, counts: 'types', of: 'module' },
  imports: { byDefault: 1_000, counts: 'imports', of: 'module' },
  functions: { byDefault: 7_000, counts: 'functions', of: 'module' },
  tables: { byDefault: 100, counts: 'tables', of: 'module' },
  memories: { byDefault: 10, counts: 'memories', of: 'module' },
  tags: { byDefault: 100, counts: 'tags', of: 'module' },
  globals: { byDefault: 2_000, counts: 'globals', of: 'module' },
  exports: { byDefault: 1_000, counts: 'exports', of: 'module' },
  declarationBytes: {
    byDefault: 512 * KIB,
    counts: 'bytes of sections other than code, data and custom ones',
    of: 'module',
  },
  elementBytes: { byDefault: 64_000, counts: 'bytes of element segments', of: 'module' },
  dataSegments: { byDefault: 10_000, counts: 'data segments', of: 'module' },
  moduleCalls: { byDefault: 50_000, counts: 'calls', of: 'module' },
  moduleIndirectCalls: { byDefault: 20_000, counts: 'indirect calls', of: 'module' },
  moduleTailCalls: { byDefault: 20_000, counts: 'tail calls', of: 'module' },
  moduleCheckedOperations: { byDefault: 40_000, counts: 'checked operations', of: 'module' },
  moduleValuesAtCalls: { byDefault: 1_000_000, counts: 'parameters and results of calls', of: 'module' },
  moduleBranches: { byDefault: 64_000, counts: 'branches', of: 'module' },
  moduleLabels: { byDefault: 60_000, counts: 'labels of branch tables', of: 'module' },
  moduleBlocks: { byDefault: 60_000, counts: 'blocks', of: 'module' },
  moduleLoops: { byDefault: 5_000, counts: 'loops', of: 'module' },
  moduleHandlers: { byDefault: 5_000, counts: 'exception handlers', of: 'module' },
  moduleBulkOperations: { byDefault: 4_000, counts: 'bulk operations', of: 'module' },
  moduleValuesAtJoins: { byDefault: 10_000_000, counts: 'values at branches, blocks and calls', of: 'module' },
  moduleValuesAtClauses: { byDefault: 25_000, counts: 'values at catch clauses', of: 'module' },
  moduleLocals: { byDefault: 2_000_000, counts: 'locals', of: 'module' },
  moduleLocalGroups: { byDefault: 40_000, counts: 'groups of locals', of: 'module' },
  params: { byDefault: 64, counts: 'parameters', of: 'type' },
  results: { byDefault: 64, counts: 'results', of: 'type' },
  fields: { byDefault: 1_000, counts: 'fields', of: 'type' },
  bodyBytes: { byDefault: 200 * KIB, counts: 'bytes', of: 'function' },
  locals: { byDefault: 2_500, counts: 'locals', of: 'function' },
  operands: { byDefault: 2_000, counts: 'operands on the stack', of: 'function' },
  openBlocks: { byDefault: 4_000, counts: 'blocks open at once', of: 'function' },
  loopDepth: { byDefault: 32, counts: 'loops in one another', of: 'function' },
  handlerDepth: { byDefault: 16, counts: 'exception handlers in one another', of: 'function' },
  branches: { byDefault: 15_000, counts: 'branches', of: 'function' },
  labels: { byDefault: 32_768, counts: 'labels of branch tables', of: 'function' },
  calls: { byDefault: 20_000, counts: 'calls', of: 'function' },
  indirectCalls: { byDefault: 2_500, counts: 'indirect calls', of: 'function' },
  tailCalls: { byDefault: 5_000, counts: 'tail calls', of: 'function' },
  valuesAtCalls: { byDefault: 100_000, counts: 'parameters and results of calls', of: 'function' },
  checkedOperations: { byDefault: 6_000, counts: 'checked operations', of: 'function' },
  memory64Accesses: { byDefault: 25_000, counts: 'accesses to 64-bit memories', of: 'function' },
  blocks: { byDefault: 50_000, counts: 'blocks', of: 'function' },
  blockParams: { byDefault: 2_000, counts: 'parameters of blocks', of: 'function' },
  loops: { byDefault: 500, counts: 'loops', of: 'function' },
  handlers: { byDefault: 1_000, counts: 'exception handlers', of: 'function' },
  clauses: { byDefault: 1_000, counts: 'catch clauses', of: 'function' },
  handlerEdges: { byDefault: 2_000, counts: 'edges to exception handlers', of: 'function' },
  valuesAtJoins: { byDefault: 2_000_000, counts: 'values at branches, blocks and calls', of: 'function' },
  valuesAtClauses: { byDefault: 20_000, counts: 'values at catch clauses', of: 'function' },
} as const satisfies Readonly<Record<string, LimitRow>>;

/** The name of a limit on the structure of a module. */
export type LimitName = keyof typeof MODULE_LIMITS;

/** The limits that a caller sets. Missing or `undefined` means the default, `Infinity` no limit. */
export type ModuleLimits = { readonly [N in LimitName]?: number | undefined };

/** A value for each limit. */
export type LimitValues = { readonly [N in LimitName]: number };

/** The names of all limits, in the order of the table. */
// The keys of an object literal are those of its type.
export const limitNames: readonly LimitName[] = /* @__PURE__ */ Object.keys(MODULE_LIMITS) as LimitName[];

/**
 * No limits: for a module from somebody who is trusted. What engines refuse or do not survive is
 * then up to them.
 */
export const NO_LIMITS: ModuleLimits = /* @__PURE__ */ forEachLimit(Number.POSITIVE_INFINITY);

/** An object with a value for each limit. A loop, since this runs when the module is imported. */
/* @__NO_SIDE_EFFECTS__ */
function forEachLimit<T>(value: T): { readonly [N in LimitName]: T } {
  const values: { [name: string]: T } = {};
  for (const name of limitNames) values[name] = value;
  // One entry for each name of the table.
  return values as { [N in LimitName]: T };
}

/** Whether a text is the name of a limit. */
export function isLimitName(name: string): name is LimitName {
  return Object.hasOwn(MODULE_LIMITS, name);
}

/** A value for each limit: the caller's, or the default where the caller gives none. */
export function limitValues(limits: ModuleLimits = {}): LimitValues {
  // One entry for each name of the table.
  return Object.fromEntries(
    limitNames.map((name) => [name, limits[name] ?? MODULE_LIMITS[name].byDefault]),
  ) as LimitValues;
}

/** The rules of {@link ModuleLimits} as options. */
export const moduleLimitRules: OptionRules<ModuleLimits> = /* @__PURE__ */ forEachLimit(limitRule);
