import type { ValueType } from '../../wasm/index.ts';

const HAS_NO_VALUE = /^(v128|exnref|nullexnref|\(ref (no)?exn\))$/;

/**
 * Whether JavaScript has no value of a type: the engine throws whenever one is to cross, in either
 * direction ("ToJSValue").
 */
export function hasNoValue(type: ValueType): boolean {
  return HAS_NO_VALUE.test(type);
}

/** A reference to one of the types that the module defines. */
const NAMES_OWN_TYPE = /^\(ref (null )?\d+\)$/;

/** Whether a type refers to one that the module defines, by its index. */
export function namesOwnType(type: ValueType): boolean {
  return NAMES_OWN_TYPE.test(type);
}
