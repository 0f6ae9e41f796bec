/** The levels at which a plugin may log, from the least to the most severe. */
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error'] as const;

/** A level at which a plugin may log. */
export type KernelLogLevel = (typeof logLevels)[number];

/** What `get_log_level` answers when nothing is logged: the largest i32. */
const OFF = 0x7fffffff;

/** The number that stands for the least level that is logged (abi/KERNEL.md, `get_log_level`). */
export function logLevelNumber(level: KernelLogLevel | 'off'): number {
  return level === 'off' ? OFF : logLevels.indexOf(level);
}
