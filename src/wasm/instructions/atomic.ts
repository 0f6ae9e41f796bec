import type { Row } from './instruction.ts';

/** Atomic memory instructions (threads proposal, "Binary format"; not in WebAssembly 3.0). */
export const atomic: readonly Row[] = [
  ['threads', 0xfe0000, 'memory.atomic.notify', [2, 1], ['memarg']],
  ['threads', 0xfe0001, 'memory.atomic.wait{32,64}', [3, 1], ['memarg'], { blocks: true }],
  ['threads', 0xfe0003, 'atomic.fence', [0, 0], ['zeroByte']],

  ['threads', 0xfe0010, '{i32,i64}.atomic.load i32.atomic.load{8,16}_u i64.atomic.load{8,16,32}_u', [1, 1], ['memarg']],
  ['threads', 0xfe0017, '{i32,i64}.atomic.store i32.atomic.store{8,16} i64.atomic.store{8,16,32}', [2, 0], ['memarg']],

  ['threads', 0xfe001e, readModifyWrite('add'), [2, 1], ['memarg']],
  ['threads', 0xfe0025, readModifyWrite('sub'), [2, 1], ['memarg']],
  ['threads', 0xfe002c, readModifyWrite('and'), [2, 1], ['memarg']],
  ['threads', 0xfe0033, readModifyWrite('or'), [2, 1], ['memarg']],
  ['threads', 0xfe003a, readModifyWrite('xor'), [2, 1], ['memarg']],
  ['threads', 0xfe0041, readModifyWrite('xchg'), [2, 1], ['memarg']],
  ['threads', 0xfe0048, readModifyWrite('cmpxchg'), [3, 1], ['memarg']],
];

/** The seven instructions of one operation: for whole integers, then for parts of them. */
/* @__NO_SIDE_EFFECTS__ */
function readModifyWrite(operation: string): string {
  return `{i32,i64}.atomic.rmw.${operation} i32.atomic.rmw{8,16}.${operation}_u i64.atomic.rmw{8,16,32}.${operation}_u`;
}
