import { nearest } from './nearest.ts';

/** A rule for one option. */
export interface OptionRule {
  /** In words, after "must be". */
  readonly expected: string;
  readonly holds: (value: unknown) => boolean;
  /** The rules of the inner options, if the option is an object of options. */
  readonly inner?: OptionRules;
}

/** One rule for each option. The keys are all known options. */
export type OptionRules<Options = Readonly<Record<string, unknown>>> = {
  readonly [K in keyof Required<Options>]: OptionRule;
};

/** What is wrong with an argument of the host: `argument` must be `expected`. */
export interface ArgumentFault {
  /** For instance `options.wallMs`. */
  readonly argument: string;
  readonly expected: string;
}

/** Whether a value can have properties. */
export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

const rule = (expected: string, holds: (value: unknown) => boolean): OptionRule => ({ expected, holds });

/** A limit, in any unit. */
export const limitRule: OptionRule = /* @__PURE__ */ rule(
  'a number from 0 up, or Infinity',
  (value) => typeof value === 'number' && value >= 0,
);

/** A boolean. */
export const flagRule: OptionRule = /* @__PURE__ */ rule('true or false', (value) => typeof value === 'boolean');

/** A string. */
export const textRule: OptionRule = /* @__PURE__ */ rule('a string', (value) => typeof value === 'string');

/** A function. */
export const functionRule: OptionRule = /* @__PURE__ */ rule('a function', (value) => typeof value === 'function');

/** A `Telemetry`. */
export const telemetryRule: OptionRule = /* @__PURE__ */ rule(
  'an object with the functions log and counter, and histogram and gauge if it has them',
  (value) =>
    isObject(value) &&
    ['log', 'counter'].every((name) => typeof Reflect.get(value, name) === 'function') &&
    ['histogram', 'gauge'].every((name) => ['function', 'undefined'].includes(typeof Reflect.get(value, name))),
);

/**
 * A plain object whose values are strings. Arrays and Maps are refused: their entries would be
 * ignored.
 */
export const textRecordRule: OptionRule = /* @__PURE__ */ rule(
  'a plain object of strings',
  (value) =>
    Object.prototype.toString.call(value) === '[object Object]' && Object.values(Object(value)).every(textRule.holds),
);

/** A collection of names. Strings are refused: their characters would be taken for names. */
export const collectionRule: OptionRule = /* @__PURE__ */ rule(
  'an array, a Set or another iterable of strings',
  (value) => isObject(value) && Symbol.iterator in value,
);

/**
 * Makes a rule for an option that is one of several strings.
 *
 * @param values the allowed strings: two or more.
 */
/* @__NO_SIDE_EFFECTS__ */
export function oneOfRule(values: readonly string[]): OptionRule {
  const quoted = values.map((value) => `'${value}'`);
  return rule(`${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`, (value) =>
    values.some((each) => each === value),
  );
}

/**
 * Makes a rule for an option that is itself an object of options.
 *
 * @param inner the rules of those options.
 */
/* @__NO_SIDE_EFFECTS__ */
export function optionsRule(inner: OptionRules): OptionRule {
  return { ...rule('an object', isOptions), inner };
}

function isOptions(value: unknown): value is object {
  return isObject(value) && !Array.isArray(value);
}

/** Names that people try, and what to use instead: the name of an option, or advice in words. */
const attempts: Readonly<Record<string, string>> = {
  timeout: 'wallMs',
  timeoutMs: 'wallMs',
  deadline: 'wallMs',
  memory: 'memoryMaxPages',
  maxPages: 'memoryMaxPages',
  memoryLimit: 'memoryMaxPages',
  maxMemory: 'memoryMaxPages',
  gas: 'fuel',
  fuelLimit: 'fuel',
  stack: 'stackSlots',
  imports: 'functions',
  hostFunctions: 'functions',
  capabilities: 'hostCapabilities',
  logger: 'telemetry',
  log: 'telemetry',
  metrics: 'telemetry',
  now: 'clock',
  ttl: 'ttlSecs',
  quota: 'storageQuotaBytes',
  random: 'fillRandom',
  compileWorkMax: 'limits',
  moduleMaxBytes: 'limits.moduleBytes',
  signal: 'calls are synchronous, so nothing can abort one: set wallMs',
  useWasi: 'WASI is not provided: build the plugin without it',
  wasi: 'WASI is not provided: build the plugin without it',
  allowedHosts: 'plugins have no HTTP',
  allowedPaths: 'plugins have no files',
};

function unknownOption(name: string, rules: OptionRules): string {
  const attempt = Object.hasOwn(attempts, name) ? attempts[name] : undefined;
  if (attempt !== undefined && Object.hasOwn(rules, attempt.split('.', 1).join())) return `left out: use ${attempt}`;
  if (attempt?.includes(' ')) return `left out: ${attempt}`;
  const holders = Object.keys(rules).filter((each) => Object.hasOwn(rules[each]?.inner ?? {}, attempt ?? name));
  if (holders.length > 0) return `left out: use ${holders.map((each) => `${each}.${attempt ?? name}`).join(' or ')}`;
  const names = Object.keys(rules);
  const meant = nearest(name, names);
  if (meant !== undefined) return `left out: there is no such option, did you mean ${meant}?`;
  return `left out: the options are ${names.length === 0 ? 'none' : names.join(', ')}`;
}

/**
 * Finds the first fault in options. An option may be missing or `undefined`.
 *
 * @param rules one for each option. Any other name is a fault, which suggests the right name.
 * @param argument the name of the options, for the fault.
 * @returns the fault; `undefined` if there is none.
 */
export function findOptionFault(
  options: unknown,
  rules: OptionRules,
  argument: string = 'options',
): ArgumentFault | undefined {
  if (!isOptions(options)) return { argument, expected: 'an object' };
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(rules, name) || Reflect.get(options, name) === undefined) continue;
    return { argument: `${argument}.${name}`, expected: unknownOption(name, rules) };
  }
  for (const [name, { expected, holds, inner }] of Object.entries(rules)) {
    const value: unknown = Reflect.get(options, name);
    if (value === undefined) continue;
    if (!holds(value)) return { argument: `${argument}.${name}`, expected };
    const fault = inner && findOptionFault(value, inner, `${argument}.${name}`);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/**
 * Checks an argument of the host at run time, for callers without a type checker.
 *
 * @param expected in words, after "must be".
 * @throws TypeError that names the argument if `holds` is false.
 */
export function checkArgument(name: string, holds: boolean, expected: string): void {
  if (!holds) throw new TypeError(`${name} must be ${expected}`);
}

/**
 * Checks options as {@link findOptionFault} does.
 *
 * @throws TypeError that names the first option that is unknown or malformed.
 */
export function checkOptions(options: unknown, rules: OptionRules, argument?: string): void {
  const fault = findOptionFault(options, rules, argument);
  if (fault !== undefined) checkArgument(fault.argument, false, fault.expected);
}

/**
 * Completes options.
 *
 * @returns an object with the names of the defaults: each option that is given, else its default.
 */
export function withDefaults<T extends object>(
  options: { readonly [N in keyof T]?: T[N] | undefined },
  defaults: T,
): T {
  const names = Object.keys(defaults) as (keyof T)[]; // the keys of a T
  return Object.fromEntries(names.map((name) => [name, options[name] ?? defaults[name]])) as T; // a value for each
}
