import { isObject } from '../argument.ts';
import type { Clock } from '../clock.ts';
import type { ModuleLimits } from '../metering/index.ts';
import { CompiledPlugin } from '../plugin/index.ts';
import type { Telemetry } from '../telemetry.ts';
import type { LayerBudget } from './layer-call.ts';
import type { HandshakeOffer } from './messages/index.ts';
import { COLLECTION, isCollection, isOffer, OFFER } from './offer.ts';

/** A plugin that asks for admission: the bytes of its module, the module, or the compiled plugin. */
export type Candidate = Uint8Array | WebAssembly.Module | CompiledPlugin;

/** How a plugin is admitted. Missing or `undefined` means the default. */
export interface AdmitOptions {
  /** What the built-in offer says that the host can do. Nothing by default. */
  readonly hostCapabilities?: Iterable<string> | undefined;
  /** An offer in the place of the built-in one; then without `hostCapabilities`, which it has itself. */
  readonly offer?: HandshakeOffer | undefined;
  /** Gives the times of the self-check and of the record; the machine's clock by default. */
  readonly clock?: Clock | undefined;
  /** Gets the counter of handshakes, and what the plugin logs. */
  readonly telemetry?: Telemetry | undefined;
  /** What the module may contain, when it is given as bytes: see `MODULE_LIMITS` for the names and defaults. */
  readonly limits?: ModuleLimits | undefined;
  /** For how many seconds the record is good: a whole number, a week by default. */
  readonly ttlSecs?: number | undefined;
  /** What the handshake may use up. */
  readonly handshake?: LayerBudget | undefined;
  /** What the self-check may use up. */
  readonly selfCheck?: LayerBudget | undefined;
  /** What the self-check tests: the functions of the slots that the plugin `supported` (default), or `all` wire functions. */
  readonly slots?: 'supported' | 'all' | undefined;
}

interface Rule {
  readonly expected: string;
  readonly holds: (value: unknown) => boolean;
}

const isFunctionOf = (value: object, name: PropertyKey): boolean => typeof Reflect.get(value, name) === 'function';

const isLimit = (value: unknown): boolean => value === undefined || (typeof value === 'number' && value >= 0);

const budgetLimits: { readonly [K in keyof Required<LayerBudget>]: true } = {
  wallMs: true,
  fuel: true,
  memoryMaxPages: true,
  initialMemoryMaxPages: true,
  tableMaxEntries: true,
};
const budgetNames = Object.keys(budgetLimits);

const budget: Rule = {
  expected: `an object with ${budgetNames.join(', ')}, each a number from 0 up, or Infinity, or missing`,
  holds: (value) => isObject(value) && budgetNames.every((name) => isLimit(Reflect.get(value, name))),
};

const rules: { readonly [K in keyof Required<AdmitOptions>]: Rule } = {
  hostCapabilities: { expected: COLLECTION, holds: isCollection },
  offer: { expected: OFFER, holds: isOffer },
  clock: { expected: 'a function', holds: (value) => typeof value === 'function' },
  telemetry: {
    expected: 'an object with the functions log and counter',
    holds: (value) => isObject(value) && isFunctionOf(value, 'log') && isFunctionOf(value, 'counter'),
  },
  ttlSecs: { expected: 'a whole number', holds: Number.isSafeInteger },
  limits: { expected: 'an object', holds: isObject },
  handshake: budget,
  selfCheck: budget,
  slots: { expected: "'supported' or 'all'", holds: (value) => value === 'supported' || value === 'all' },
};

/** Checks what a host gives for an admission; throws a TypeError that names the first that is not what it must be. */
export function checkAdmission(wasm: Candidate, options: AdmitOptions): void {
  if (!(wasm instanceof Uint8Array || wasm instanceof WebAssembly.Module || wasm instanceof CompiledPlugin)) {
    throw new TypeError('wasm must be a Uint8Array, a WebAssembly.Module or a CompiledPlugin');
  }
  if (!isObject(options)) throw new TypeError('options must be an object');
  for (const [name, { expected, holds }] of Object.entries(rules)) {
    const value: unknown = Reflect.get(options, name);
    if (value !== undefined && !holds(value)) throw new TypeError(`options.${name} must be ${expected}`);
  }
  if (Reflect.get(options, 'compileWorkMax') !== undefined) {
    throw new TypeError('options.compileWorkMax must be missing: use limits');
  }
  if (options.offer !== undefined && options.hostCapabilities !== undefined) {
    throw new TypeError('options.hostCapabilities must be missing when options.offer is given');
  }
}
