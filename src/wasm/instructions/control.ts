import type { Row } from './instruction.ts';

/** Control instructions (specification 5.4.2), but for those about exceptions. */
export const control: readonly Row[] = [
  ['mvp', 0x02, 'block loop', ['blockType'], { fuel: 0 }],
  ['mvp', 0x04, 'if', ['blockType']],
  ['mvp', 0x05, 'else', [], { fuel: 0 }],
  ['mvp', 0x0b, 'end', [], { fuel: 0 }],
  ['mvp', 0x0c, 'br br_if', ['labelIndex']],
  ['mvp', 0x0e, 'br_table', ['labelTable']],
  ['mvp', 0x0f, 'return', [], { fuel: 0 }],
  ['mvp', 0x10, 'call', ['functionIndex'], { calls: 'call' }],
  ['mvp', 0x11, 'call_indirect', ['typeIndex', 'tableIndex'], { calls: 'call' }],
  ['tailCall', 0x12, 'return_call', ['functionIndex'], { calls: 'tailCall' }],
  ['tailCall', 0x13, 'return_call_indirect', ['typeIndex', 'tableIndex'], { calls: 'tailCall' }],
  ['functionReferences', 0x14, 'call_ref', ['typeIndex'], { calls: 'call' }],
  ['functionReferences', 0x15, 'return_call_ref', ['typeIndex'], { calls: 'tailCall' }],
  ['functionReferences', 0xd5, 'br_on_null br_on_non_null', ['labelIndex']],
  ['gc', 0xfb0018, 'br_on_cast br_on_cast_fail', ['castFlags', 'labelIndex', 'heapType', 'heapType']],
];
