import { FailureError, type FailureMessages } from '../../failure.ts';
import type { HookSlotKind } from '../hook.ts';

/**
 * Why a registration was refused before anything was inspected.
 *
 * - `KindChanged`: the slot has another kind, or a registration under way will give it one.
 * - `TooManySlots`: there are `max` slots, those under way included.
 * - `TooManyRegistrations`: `max` registrations of this slot are under way.
 */
export type HookSlotFailure =
  | { readonly kind: 'KindChanged'; readonly from: HookSlotKind; readonly to: HookSlotKind }
  | { readonly kind: 'TooManySlots'; readonly max: number }
  | { readonly kind: 'TooManyRegistrations'; readonly max: number };

const messages: FailureMessages<HookSlotFailure> = {
  KindChanged: (f) => `the slot is for ${f.from}, not for ${f.to}: remove it first`,
  TooManySlots: (f) => `there are ${f.max} slots: remove one first, or raise slotsMax`,
  TooManyRegistrations: (f) => `${f.max} registrations of this slot are under way: wait for one, or raise pendingMax`,
};

/** A registration that was refused. The message begins with the name of the plugin. */
export class HookSlotError extends FailureError<HookSlotFailure> {
  override readonly name = 'HookSlotError';

  /** What cc-lb calls the failure; `null` for a limit that it does not have. */
  get upstream(): 'ModuleRejected' | null {
    return this.failure.kind === 'KindChanged' ? 'ModuleRejected' : null;
  }

  protected override get messages(): FailureMessages<HookSlotFailure> {
    return messages;
  }
}
