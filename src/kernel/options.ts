import {
  checkOptions,
  functionRule,
  isObject,
  limitRule,
  type OptionRules,
  oneOfRule,
  textRecordRule,
} from '../option-rules.ts';
import { type KernelLogLevel, logLevels } from './functions.ts';

/**
 * Bounds the memory and time of a kernel. The meter records its own failure; the kernel ends the
 * call.
 */
export interface KernelMeter {
  /**
   * Takes pages of 64 KiB.
   *
   * @param pages negative to return pages.
   * @returns false if there are not as many left.
   */
  takePages(pages: number): boolean;
  /**
   * Reads the clock.
   *
   * @returns whether the call must end.
   */
  readClock(): boolean;
  /**
   * Burns fuel for bytes before JavaScript reads or writes them for the plugin, and for the bytes
   * that `reset` zeroed. Each costs `FUEL_PER_BYTE`; without this function they cost nothing.
   *
   * @returns whether the call must end.
   */
  burn?(fuel: number): boolean;
}

/** The options of a kernel. Missing or `undefined` means the default. */
export interface KernelOptions {
  /**
   * The limit of all variables together, in bytes: 1 MiB by default. With 0, no variable can be
   * set; with Infinity, there is no limit.
   */
  readonly maxVarBytes?: number | undefined;
  /** What `config_get` finds; nothing by default. */
  readonly config?: Readonly<Record<string, string>> | undefined;
  /** The least level that is logged; `off` by default. */
  readonly logLevel?: KernelLogLevel | 'off' | undefined;
  /** Receives what the plugin logs. If it throws, the call ends. */
  readonly log?: ((level: KernelLogLevel, message: string) => void) | undefined;
  /** Bounds memory and time; by default there is no bound. */
  readonly meter?: KernelMeter | undefined;
}

const rules: OptionRules<KernelOptions> = {
  maxVarBytes: limitRule,
  config: textRecordRule,
  logLevel: oneOfRule([...logLevels, 'off']),
  log: functionRule,
  meter: {
    expected: 'an object with the functions takePages and readClock, and burn if bytes cost fuel',
    holds: isMeter,
  },
};

function isMeter(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { takePages, readClock, burn }: { [K in keyof KernelMeter]?: unknown } = value;
  return (
    functionRule.holds(takePages) && functionRule.holds(readClock) && (burn === undefined || functionRule.holds(burn))
  );
}

/**
 * Checks the options of a kernel.
 *
 * @throws TypeError that names the first option that is unknown or malformed.
 */
export function checkKernelOptions(options: KernelOptions): void {
  checkOptions(options, rules);
}
