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

/** What bounds the memory and the time of a kernel. A failure of its own is for it to keep; the kernel then ends the call. */
export interface KernelMeter {
  /** Takes pages of 64 KiB, negative to give back. @returns whether it had as many. */
  takePages(pages: number): boolean;
  /** Looks at the clock. @returns whether the call must end. */
  readClock(): boolean;
  /**
   * Burns fuel for bytes before JavaScript reads or writes them for the plugin, and for those that
   * `reset` zeroed: `FUEL_PER_BYTE` each.
   *
   * @returns whether the call must end. Without this function such bytes cost nothing.
   */
  burn?(fuel: number): boolean;
}

/** How a kernel is made. Missing or `undefined` means the default. */
export interface KernelOptions {
  /** The limit of all variables together in bytes: 1 MiB by default, Infinity for none. 0 refuses every change. */
  readonly maxVarBytes?: number | undefined;
  /** What `config_get` finds. Nothing by default. */
  readonly config?: Readonly<Record<string, string>> | undefined;
  /** The least level that is logged, `off` by default. */
  readonly logLevel?: KernelLogLevel | 'off' | undefined;
  /** Gets what the plugin logs. What it throws ends the call. */
  readonly log?: ((level: KernelLogLevel, message: string) => void) | undefined;
  /** Bounds memory and time: nothing does by default. */
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

/** @throws TypeError that names the first option that is unknown or malformed. */
export function checkKernelOptions(options: KernelOptions): void {
  checkOptions(options, rules);
}
