import type { Row } from './instruction.ts';

/** Atomic memory instructions (threads proposal, "Binary format"; not in WebAssembly 3.0). */
export const atomic: readonly Row[] = [
  ['threads', 0xfe0000, 'memory.atomic.notify', [2, 1], ['memarg']],
  ['threads', 0xfe0001, 'memory.atomic.wait32 memory.atomic.wait64', [3, 1], ['memarg'], { blocks: true }],
  ['threads', 0xfe0003, 'atomic.fence', [0, 0], ['zeroByte']],

  ['threads', 0xfe0010, 'i32.atomic.load i64.atomic.load i32.atomic.load8_u i32.atomic.load16_u', [1, 1], ['memarg']],
  ['threads', 0xfe0014, 'i64.atomic.load8_u i64.atomic.load16_u i64.atomic.load32_u', [1, 1], ['memarg']],
  ['threads', 0xfe0017, 'i32.atomic.store i64.atomic.store i32.atomic.store8 i32.atomic.store16', [2, 0], ['memarg']],
  ['threads', 0xfe001b, 'i64.atomic.store8 i64.atomic.store16 i64.atomic.store32', [2, 0], ['memarg']],

  ['threads', 0xfe001e, 'i32.atomic.rmw.add i64.atomic.rmw.add i32.atomic.rmw8.add_u', [2, 1], ['memarg']],
  ['threads', 0xfe0021, 'i32.atomic.rmw16.add_u i64.atomic.rmw8.add_u', [2, 1], ['memarg']],
  ['threads', 0xfe0023, 'i64.atomic.rmw16.add_u i64.atomic.rmw32.add_u', [2, 1], ['memarg']],
  ['threads', 0xfe0025, 'i32.atomic.rmw.sub i64.atomic.rmw.sub i32.atomic.rmw8.sub_u', [2, 1], ['memarg']],
  ['threads', 0xfe0028, 'i32.atomic.rmw16.sub_u i64.atomic.rmw8.sub_u', [2, 1], ['memarg']],
  ['threads', 0xfe002a, 'i64.atomic.rmw16.sub_u i64.atomic.rmw32.sub_u', [2, 1], ['memarg']],
  ['threads', 0xfe002c, 'i32.atomic.rmw.and i64.atomic.rmw.and i32.atomic.rmw8.and_u', [2, 1], ['memarg']],
  ['threads', 0xfe002f, 'i32.atomic.rmw16.and_u i64.atomic.rmw8.and_u', [2, 1], ['memarg']],
  ['threads', 0xfe0031, 'i64.atomic.rmw16.and_u i64.atomic.rmw32.and_u', [2, 1], ['memarg']],
  ['threads', 0xfe0033, 'i32.atomic.rmw.or i64.atomic.rmw.or i32.atomic.rmw8.or_u', [2, 1], ['memarg']],
  ['threads', 0xfe0036, 'i32.atomic.rmw16.or_u i64.atomic.rmw8.or_u', [2, 1], ['memarg']],
  ['threads', 0xfe0038, 'i64.atomic.rmw16.or_u i64.atomic.rmw32.or_u', [2, 1], ['memarg']],
  ['threads', 0xfe003a, 'i32.atomic.rmw.xor i64.atomic.rmw.xor i32.atomic.rmw8.xor_u', [2, 1], ['memarg']],
  ['threads', 0xfe003d, 'i32.atomic.rmw16.xor_u i64.atomic.rmw8.xor_u', [2, 1], ['memarg']],
  ['threads', 0xfe003f, 'i64.atomic.rmw16.xor_u i64.atomic.rmw32.xor_u', [2, 1], ['memarg']],
  ['threads', 0xfe0041, 'i32.atomic.rmw.xchg i64.atomic.rmw.xchg i32.atomic.rmw8.xchg_u', [2, 1], ['memarg']],
  ['threads', 0xfe0044, 'i32.atomic.rmw16.xchg_u i64.atomic.rmw8.xchg_u', [2, 1], ['memarg']],
  ['threads', 0xfe0046, 'i64.atomic.rmw16.xchg_u i64.atomic.rmw32.xchg_u', [2, 1], ['memarg']],
  ['threads', 0xfe0048, 'i32.atomic.rmw.cmpxchg i64.atomic.rmw.cmpxchg i32.atomic.rmw8.cmpxchg_u', [3, 1], ['memarg']],
  ['threads', 0xfe004b, 'i32.atomic.rmw16.cmpxchg_u i64.atomic.rmw8.cmpxchg_u', [3, 1], ['memarg']],
  ['threads', 0xfe004d, 'i64.atomic.rmw16.cmpxchg_u i64.atomic.rmw32.cmpxchg_u', [3, 1], ['memarg']],
];
