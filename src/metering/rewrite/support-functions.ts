import type { supportCode } from './support-code.generated.ts';

/** The index type of a memory or table. */
export type IndexType = 'i32' | 'i64';

/** Stands for the type of a table's elements in the types of a function. */
export const ELEMENT_TYPE = 'element';

/** The support functions that every metered module has. */
export const alwaysPresent = ['refill', 'spend', 'overflow', 'charge_heap', 'first_entry'] as const;

/** A support function that a module gets when it needs it. */
export interface SupportFunction {
  /** Its code. */
  readonly code: keyof typeof supportCode;
  /** The memories or tables that it works on, by index. */
  readonly operands?: readonly [first: number, second?: number];
  /** The type of the elements of its tables. */
  readonly elementType?: string;
}

/** Charges the time of an exception that is thrown. */
export const spendThrow: SupportFunction = { code: 'spend_throw' };

/** Charges time for `memory.init`, given its length. */
export const spendBytes: SupportFunction = { code: 'spend_bytes' };

/** Charges time for `table.init`, given its length. */
export const spendEntries: SupportFunction = { code: 'spend_entries' };

/** `memory.fill` of one memory. */
export function memoryFill(memory: number, type: IndexType): SupportFunction {
  return { code: `memory.fill ${type}`, operands: [memory] };
}

/** `table.fill` of one table. */
export function tableFill(table: number, type: IndexType, elementType: string): SupportFunction {
  return { code: `table.fill ${type}`, operands: [table], elementType };
}

/** One side of a copy. */
export interface CopySide {
  readonly index: number;
  readonly type: IndexType;
  /** Imported ones may be the same under two indices. */
  readonly imported: boolean;
}

/** `memory.copy` from one memory to another, or within one. */
export function memoryCopy(to: CopySide, from: CopySide): SupportFunction {
  return { code: `memory.copy ${kindsOf(to, from)}`, operands: [to.index, from.index] };
}

/** `table.copy` from one table to another, or within one. */
export function tableCopy(to: CopySide, from: CopySide): SupportFunction {
  return { code: `table.copy ${kindsOf(to, from)}`, operands: [to.index, from.index] };
}

function kindsOf(to: CopySide, from: CopySide): `${IndexType} ${IndexType}${'' | ' may be one'}` {
  const mayBeOne = to.index === from.index || (to.imported && from.imported);
  return `${to.type} ${from.type}${mayBeOne ? ' may be one' : ''}`;
}

/** `memory.grow` of one memory. */
export function memoryGrow(memory: number, type: IndexType): SupportFunction {
  return { code: `memory.grow ${type}`, operands: [memory] };
}

/** `table.grow` of one table. */
export function tableGrow(table: number, type: IndexType, elementType: string): SupportFunction {
  return { code: `table.grow ${type}`, operands: [table], elementType };
}
