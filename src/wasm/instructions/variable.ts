import type { Row } from './instruction.ts';

/** Variable instructions (specification 5.4.3). */
export const variable: readonly Row[] = [
  ['mvp', 0x20, 'local.get', [0, 1], ['localIndex']],
  ['mvp', 0x21, 'local.set', [1, 0], ['localIndex']],
  ['mvp', 0x22, 'local.tee', [1, 1], ['localIndex']],
  ['mvp', 0x23, 'global.get', [0, 1], ['globalIndex']],
  ['mvp', 0x24, 'global.set', [1, 0], ['globalIndex']],
];
