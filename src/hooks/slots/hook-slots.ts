import { moduleLimitRules } from '../../metering/limits.ts';
import { copyBytes, type ModuleSource } from '../../module-source.ts';
import {
  checkArgument,
  checkOptions,
  flagRule,
  limitRule,
  type OptionRules,
  optionsRule,
  telemetryRule,
  textRule,
} from '../../option-rules.ts';
import { noTelemetry, type Telemetry } from '../../telemetry.ts';
import { type AdmitHooksOptions, admitHooksAsync, type HookAdmissionReport } from '../admit.ts';
import { hookLimitRules, settleLimits } from '../budget.ts';
import { type HookSlotKind, hookSlotKinds } from '../hook.ts';
import { contentOf, isSameContent, type SlotContent } from './content.ts';
import { checkedKey, type HookSlot, type HookSlotId, type HookSlotKey, slotOf } from './slot.ts';
import { HookSlotError, type HookSlotFailure } from './slot-error.ts';

/** How many slots there can be, and where they report. Missing or `undefined` means the default. */
export interface HookSlotsOptions {
  /** The most slots, registrations of new ones included: 1,024 by default. */
  readonly slotsMax?: number | undefined;
  /**
   * The most registrations of one slot that are under way at once: 4 by default. Each holds a copy
   * of its module until it is admitted.
   */
  readonly pendingMax?: number | undefined;
  /** Receives an event for each slot that is removed, and the metrics of all plugins. */
  readonly telemetry?: Telemetry | undefined;
}

/** How to admit a plugin for a slot. The kind of the slot decides the rest. */
export type HookRegisterOptions = Omit<AdmitHooksOptions, 'slot' | 'runsProbes'>;

/**
 * The outcome of a registration. Only the first two change a slot.
 *
 * - `registered`: there is a new slot.
 * - `swapped`: the slot has the new plugin instead of its old one.
 * - `unchanged`: the slot has a plugin of the same bytes and limits already, and keeps it.
 * - `superseded`: the plugin was admitted, but lost to what was called later: a registration that
 *   passed, `remove` or `keepOnly`. `slot` is what there is now.
 * - `rejected`: the plugin was not admitted.
 * - `refused`: the kind or a limit forbids the registration. Nothing was inspected.
 */
export type HookRegistration =
  | { readonly kind: 'registered' | 'swapped'; readonly slot: HookSlot; readonly report: HookAdmissionReport }
  | { readonly kind: 'unchanged'; readonly slot: HookSlot }
  | { readonly kind: 'superseded'; readonly slot: HookSlot | undefined; readonly report: HookAdmissionReport }
  | { readonly kind: 'rejected'; readonly report: HookAdmissionReport }
  | { readonly kind: 'refused'; readonly error: HookSlotError };

const slotsRules: OptionRules<HookSlotsOptions> = {
  slotsMax: limitRule,
  pendingMax: limitRule,
  telemetry: telemetryRule,
};

const registerRules: OptionRules<HookRegisterOptions> = {
  ...hookLimitRules,
  limits: optionsRule(moduleLimitRules),
  cache: flagRule,
  telemetry: telemetryRule,
  pluginLabel: textRule,
};

const SLOTS_MAX = 1_024;
const PENDING_MAX = 4;

/** The target of the log event of a slot that was removed. */
const LOG_TARGET = 'cc_lb_plugin.eviction';

/** A slot, and what it was made from. */
interface Entry {
  readonly slot: HookSlot;
  readonly content: SlotContent;
  /** The place of the latest call that wanted this content, in the order of calls. */
  order: number;
}

/** A registration that is under way. */
interface Attempt {
  readonly order: number;
  readonly kind: HookSlotKind;
  /** Whether `remove` or `keepOnly` was called since. */
  isWithdrawn: boolean;
  /** Fulfilled when it can no longer change a slot. */
  readonly decided: Promise<void>;
  readonly decide: () => void;
}

/**
 * The plugins of a host (abi/HOOKS.md, "Slots"), by principal and name, which can be swapped while
 * they are in use.
 *
 * Registrations of one slot may be under way at once. Then the one called last wins, in whatever
 * order they are admitted: it is what the host wants now. One that is not admitted changes nothing,
 * so the one called before it wins. A plugin may serve until a later one is admitted.
 */
export class HookSlots {
  readonly #slots = new Map<string, Entry>();
  readonly #attempts = new Map<string, Set<Attempt>>();
  readonly #slotsMax: number;
  readonly #pendingMax: number;
  readonly #telemetry: Telemetry;
  readonly #admit: typeof admitHooksAsync;
  #calls = 0;

  /**
   * @param admit how plugins are admitted. Tests control with it when an admission ends.
   * @throws TypeError if `options` is malformed.
   */
  constructor(options: HookSlotsOptions = {}, admit: typeof admitHooksAsync = admitHooksAsync) {
    checkOptions(options, slotsRules);
    this.#slotsMax = options.slotsMax ?? SLOTS_MAX;
    this.#pendingMax = options.pendingMax ?? PENDING_MAX;
    this.#telemetry = options.telemetry ?? noTelemetry;
    this.#admit = admit;
  }

  /**
   * Admits a plugin, and puts it into its slot. Admits nothing if the slot has the same bytes and
   * limits. Callers who got the plugin before can go on with it.
   *
   * @param key the slot, and its kind, which the first registration fixes.
   * @param wasm what `admitHooks` takes. Bytes are copied.
   * @param options `pluginLabel` is the name of the key by default, `telemetry` that of the slots.
   * @returns the outcome.
   * @throws TypeError if an argument is malformed, and what `admitHooksAsync` throws. Then nothing
   * has changed.
   */
  async register(
    key: HookSlotKey & { readonly kind: HookSlotKind },
    wasm: ModuleSource,
    options: HookRegisterOptions = {},
  ): Promise<HookRegistration> {
    const named = checkedKey(key);
    const { kind } = key;
    checkArgument('key.kind', hookSlotKinds.includes(kind), "'filter' or 'shape'");
    checkOptions(options, registerRules);
    const { pluginLabel = named.name, telemetry = this.#telemetry, limits } = options;
    // A copy, since the caller may change the options meanwhile.
    const settled = { ...options, ...settleLimits(options), limits: { ...limits }, slot: kind, pluginLabel, telemetry };
    const source = copyBytes(wasm) ?? wasm;
    const content = contentOf(source, settled);

    const id = idOf(named);
    const failure = this.#changeOfKind(id, kind);
    if (failure !== undefined) return refused(failure, named);
    const found = this.#slots.get(id);
    const order = ++this.#calls;
    if (found !== undefined && isSameContent(found.content, content)) return unchanged(found, order);
    const limit = this.#exceededLimit(id);
    if (limit !== undefined) return refused(limit, named);

    const attempt = this.#begin(id, order, kind);
    let outcome: HookRegistration;
    try {
      const { report, plugin } = await this.#admit(source, settled);
      if (plugin === undefined) return { kind: 'rejected', report };
      outcome = this.#decide(id, attempt, { slot: slotOf(named, kind, plugin), content, order }, report);
    } finally {
      this.#end(id, attempt);
    }
    return await this.#afterLater(id, attempt, outcome);
  }

  /** Returns what a slot has now; `undefined` if there is no such slot. */
  get(key: HookSlotKey): HookSlot | undefined {
    return this.#slots.get(idOf(checkedKey(key)))?.slot;
  }

  /** Returns what all slots have now, in the order of their first registration. */
  list(): HookSlot[] {
    return Array.from(this.#slots.values(), ({ slot }) => slot);
  }

  /**
   * Removes a slot. Registrations of it that are under way are superseded.
   *
   * @returns whether there was such a slot.
   * @throws TypeError if the key is malformed. Exceptions from `telemetry` propagate; the slot is
   * then removed.
   */
  remove(key: HookSlotKey): boolean {
    const id = idOf(checkedKey(key));
    const removed = this.#take(id);
    if (removed !== undefined) this.#log(removed, 'remove');
    return removed !== undefined;
  }

  /**
   * Removes all slots but some. Registrations of others that are under way are superseded.
   *
   * @param keys the slots to keep. Those that do not exist are not made.
   * @returns the keys of the removed slots.
   * @throws TypeError if a key is malformed. Exceptions from `telemetry` propagate; all slots are
   * then removed.
   */
  keepOnly(keys: Iterable<HookSlotKey>): HookSlotId[] {
    const kept = new Set(Array.from(keys, (key) => idOf(checkedKey(key))));
    const ids = new Set([...this.#slots.keys(), ...this.#attempts.keys()]);
    const removed = [...ids].filter((id) => !kept.has(id)).flatMap((id) => this.#take(id) ?? []);
    for (const slot of removed) this.#log(slot, 'keep_only');
    return removed.map(({ principal, name }) => ({ principal, name }));
  }

  /** Says how a registration would change the kind of its slot, or of one under way. */
  #changeOfKind(id: string, to: HookSlotKind): HookSlotFailure | undefined {
    const attempts = [...(this.#attempts.get(id) ?? [])];
    const from = this.#slots.get(id)?.slot.kind ?? attempts.find(({ isWithdrawn }) => !isWithdrawn)?.kind;
    return from === undefined || from === to ? undefined : { kind: 'KindChanged', from, to };
  }

  /** Says which limit one more registration would exceed. */
  #exceededLimit(id: string): HookSlotFailure | undefined {
    const pending = this.#attempts.get(id)?.size ?? 0;
    if (pending >= this.#pendingMax) return { kind: 'TooManyRegistrations', max: this.#pendingMax };
    if (this.#slots.has(id) || pending > 0) return undefined;
    const slots = new Set([...this.#slots.keys(), ...this.#attempts.keys()]).size;
    return slots >= this.#slotsMax ? { kind: 'TooManySlots', max: this.#slotsMax } : undefined;
  }

  #begin(id: string, order: number, kind: HookSlotKind): Attempt {
    let decide = (): void => undefined;
    const decided = new Promise<void>((resolve) => {
      decide = resolve;
    });
    const attempt: Attempt = { order, kind, isWithdrawn: false, decided, decide };
    const attempts = this.#attempts.get(id) ?? new Set();
    this.#attempts.set(id, attempts.add(attempt));
    return attempt;
  }

  #end(id: string, attempt: Attempt): void {
    const attempts = this.#attempts.get(id);
    attempts?.delete(attempt);
    if (attempts?.size === 0) this.#attempts.delete(id);
    attempt.decide();
  }

  /** Puts an admitted plugin into its slot, unless a later call decided otherwise. */
  #decide(id: string, attempt: Attempt, entry: Entry, report: HookAdmissionReport): HookRegistration {
    const current = this.#slots.get(id);
    if (attempt.isWithdrawn) return { kind: 'superseded', slot: current?.slot, report };
    if (current !== undefined && isSameContent(current.content, entry.content)) return unchanged(current, entry.order);
    if (current !== undefined && current.order > entry.order) return { kind: 'superseded', slot: current.slot, report };
    this.#slots.set(id, entry);
    return { kind: current === undefined ? 'registered' : 'swapped', slot: entry.slot, report };
  }

  /** Waits for the registrations that were called later, to say which one has won. */
  async #afterLater(id: string, { order }: Attempt, outcome: HookRegistration): Promise<HookRegistration> {
    if (outcome.kind !== 'registered' && outcome.kind !== 'swapped') return outcome;
    const later = [...(this.#attempts.get(id) ?? [])].filter((attempt) => attempt.order > order);
    await Promise.all(later.map(({ decided }) => decided));
    const slot = this.#slots.get(id)?.slot;
    return slot === outcome.slot ? outcome : { kind: 'superseded', slot, report: outcome.report };
  }

  /** Removes a slot, and withdraws the registrations that are under way. */
  #take(id: string): HookSlot | undefined {
    for (const attempt of this.#attempts.get(id) ?? []) attempt.isWithdrawn = true;
    const slot = this.#slots.get(id)?.slot;
    this.#slots.delete(id);
    return slot;
  }

  #log({ principal, name, kind }: HookSlot, cause: 'remove' | 'keep_only'): void {
    const fields = { principal, plugin: name, kind, cause };
    this.#telemetry.log({ level: 'info', target: LOG_TARGET, message: 'a slot was removed', fields });
  }
}

/** Joins a key to one text. As JSON, `a/b` with `c` differs from `a` with `b/c`. */
function idOf({ principal, name }: HookSlotId): string {
  return JSON.stringify([principal, name]);
}

function refused(failure: HookSlotFailure, { name: subject }: HookSlotId): HookRegistration {
  return { kind: 'refused', error: new HookSlotError(failure, { subject }) };
}

function unchanged(entry: Entry, order: number): HookRegistration {
  entry.order = Math.max(entry.order, order);
  return { kind: 'unchanged', slot: entry.slot };
}
