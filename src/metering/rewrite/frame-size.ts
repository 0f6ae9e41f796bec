import type { FunctionLocals, ValueType } from '../../wasm/index.ts';
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
 * About how much a frame takes of the stack, in slots of 8 bytes, in the least optimised code that an engine makes. What does not fit registers is
 * kept by the caller and by the function.
 */
export function frameSlots({ params, locals, operands, usesVectors }: FrameContents): number {
  const beyondRegisters = Math.max(0, params.length - REGISTER_PARAMETERS);
  const parameters = params.reduce((slots, type) => slots + (type === 'v128' ? 2 : 1), 2 * beyondRegisters);
  return FRAME_SLOTS + parameters + Math.ceil(locals.frameBytes / 8) + operands * (usesVectors ? 2 : 1);
}
