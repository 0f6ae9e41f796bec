import type { NumberType } from '../../wasm/index.ts';

/** A function of the kernel as text: its type with names, and its instructions (see `assemble` in src/wasm). */
export interface FunctionText {
  readonly params: Readonly<Record<string, NumberType>>;
  readonly results: readonly NumberType[];
  readonly locals: Readonly<Record<string, NumberType>>;
  readonly body: string;
}

/** The named globals of the kernel: type and initial value. */
export interface GlobalText {
  readonly type: 'i32' | 'i64';
  readonly initial: number;
}
