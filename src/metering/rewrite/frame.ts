import { type FunctionLocals, LOCALS_MAX, type ValueType } from '../../wasm/index.ts';
import { MeteringError } from '../error.ts';
import { FRAME_SLOTS } from '../layout.ts';

/** Parameters that engines pass in registers. */
const REGISTER_PARAMETERS = 6;

/** What a frame holds. */
export interface FrameContents {
  readonly params: readonly ValueType[];
  readonly locals: FunctionLocals;
  /** The greatest height of the operand stack. */
  readonly operands: number;
  /** Whether operands may be vectors. */
  readonly usesVectors: boolean;
}

/**
 * About how much a frame takes of the stack, in slots of 8 bytes, in the least optimised code that
 * an engine makes. What does not fit registers is kept by the caller and by the function.
 */
export function frameSlots({ params, locals, operands, usesVectors }: FrameContents): number {
  const beyondRegisters = Math.max(0, params.length - REGISTER_PARAMETERS);
  const parameters = params.reduce((slots, type) => slots + (type === 'v128' ? 2 : 1), 2 * beyondRegisters);
  return FRAME_SLOTS + parameters + Math.ceil(locals.frameBytes / 8) + operands * (usesVectors ? 2 : 1);
}

const I32 = 0x7f;

/** Groups of locals of type i32, by how many. */
const GROUPS: readonly (readonly (readonly number[])[])[] = [[], [[1, I32]], [[2, I32]], [[3, I32]]];

/**
 * The locals that metering adds to a function, in this order after the function's own. Those that
 * are not needed are left out.
 */
export interface AddedLocals {
  /** What is left of the stack below this frame. */
  readonly depth: number | undefined;
  /** The counter, beside the global. */
  readonly counter: number | undefined;
  /** Encoded, as they are appended. */
  readonly groups: readonly (readonly number[])[];
}

/** Which of them a function needs. */
interface Needed {
  /** One for a length on the operand stack, which comes first. */
  readonly length: boolean;
  readonly depth: boolean;
  readonly counter: boolean;
}

/**
 * @param own how many locals the function has, parameters included.
 * @param offset where its code begins, for the error.
 * @throws MeteringError `LimitExceeded` if engines would refuse as many.
 */
export function addLocals(own: number, needed: Needed, offset: number): AddedLocals {
  let added = needed.length ? 1 : 0;
  const depth = needed.depth ? own + added++ : undefined;
  const counter = needed.counter ? own + added++ : undefined;
  if (own + added > LOCALS_MAX) {
    const reason = `a function has more than ${LOCALS_MAX} locals with the ${added} that metering adds`;
    throw new MeteringError({ kind: 'LimitExceeded', offset, reason });
  }
  return { depth, counter, groups: GROUPS[added] ?? [] };
}
