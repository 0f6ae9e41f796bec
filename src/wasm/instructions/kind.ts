import type { Control, Costs, Immediate, Instruction, StackEffect } from './instruction.ts';

/**
 * What instructions of one kind have in common.
 *
 * - `stack` is `[2, 1]` for two operands popped, then one pushed. Its third item is the kind of the
 *   effect; without one it is `constant`.
 * - `immediates`: none if left out.
 * - `exceptions` are the control and the costs that differ from the defaults at {@link Control} and
 *   {@link Costs}.
 */
export type Kind = readonly [
  stack: readonly [pops: number, pushes: number, kind?: StackEffect['kind']],
  immediates?: readonly Immediate[],
  exceptions?: Partial<Costs> & { readonly control?: Control },
];

/**
 * Spells a kind out.
 *
 * @returns what all instructions of the kind have in common.
 */
export function describeKind([stack, immediates = [], exceptions = {}]: Kind): Omit<Instruction, 'opcode'> {
  const [pops, pushes, kind = 'constant'] = stack;
  const { control = 'none', ...unusual } = exceptions;
  const usual: Costs = { fuel: 1, time: 'constant', grows: 'nothing', blocks: false, calls: 'nothing', checks: false };
  return { immediates, stack: { kind, pops, pushes }, control, costs: { ...usual, ...unusual } };
}
