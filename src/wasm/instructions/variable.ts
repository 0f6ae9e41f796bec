import type { Row } from './instruction.ts';

/** Variable instructions (specification 5.4.3). */
export const variable: readonly Row[] = [
  ['mvp', 0x20, 'local.get local.set local.tee', ['localIndex']],
  ['mvp', 0x23, 'global.get global.set', ['globalIndex']],
];
