import { checkArgument, checkOptions, limitRule, type OptionRule, type OptionRules } from '../../option-rules.ts';
import { isUrl } from '../../realms.ts';
import { countRule, type PluginHostOptions } from '../options.ts';
import type { RemoteSettings } from './engine.ts';
import { FUNCTION_OPTIONS, type HostFunctionOptions } from './options.ts';

/** What only a host module can give. The host itself has a clock too. */
type OfHostModule = Exclude<keyof HostFunctionOptions, 'clock'>;

/** The options of a host whose plugins run in threads or processes, besides how many those are. */
export interface RemoteOptions extends Omit<PluginHostOptions, OfHostModule> {
  /**
   * The URL of a module that exports `createHostOptions()`, which returns `clock`, `storage`,
   * `admissionStorage`, `fillRandom` and `config` or some of them. Functions cannot be sent, so
   * each thread or process imports it. Without it the defaults apply there.
   */
  readonly hostModule?: string | URL | undefined;
  /**
   * How long a call may take as a whole, with waiting, in milliseconds: 10,000 by default. Then it
   * fails with its fallback at once, and what ran it is given up and replaced.
   */
  readonly callMs?: number | undefined;
  /** How long an admission or a start may take, in milliseconds: 30,000 by default. */
  readonly startMs?: number | undefined;
  /** How many calls may wait for each thread or process: 1,000 by default. */
  readonly waitingCallsMax?: number | undefined;
  /**
   * How many threads or processes that were given up may still run: 4 by default. At that number no
   * other one is started, and what needs one fails as `Saturated`.
   */
  readonly abandonedMax?: number | undefined;
}

type OwnOptions = Pick<RemoteOptions, 'hostModule' | 'callMs' | 'startMs' | 'waitingCallsMax' | 'abandonedMax'>;

const CALL_MS = 10_000;
const START_MS = 30_000;
const WAITING_CALLS_MAX = 1_000;
const ABANDONED_MAX = 4;

/** A URL. */
export const urlRule: OptionRule = {
  expected: 'a URL, or its text',
  holds: (value) => isUrl(value) || (typeof value === 'string' && URL.canParse(value)),
};

const rules: OptionRules<OwnOptions> = {
  hostModule: urlRule,
  callMs: limitRule,
  startMs: limitRule,
  waitingCallsMax: limitRule,
  abandonedMax: countRule,
};

/** {@link RemoteOptions}, checked, with the defaults. */
export interface SettledRemotes {
  readonly settings: RemoteSettings;
  readonly hostModule: string | undefined;
  /** The options of every host, which nobody has checked. */
  readonly hostOptions: PluginHostOptions;
}

/**
 * Checks the options that are those of remotes, and reads them.
 *
 * @param count how many remotes run calls.
 * @throws TypeError that names the first option that is malformed.
 */
export function settleRemotes(options: RemoteOptions, count: number): SettledRemotes {
  const { hostModule, callMs, startMs, waitingCallsMax, abandonedMax, ...hostOptions } = options;
  checkOptions({ hostModule, callMs, startMs, waitingCallsMax, abandonedMax }, rules);
  for (const name of FUNCTION_OPTIONS) {
    if (name === 'clock') continue;
    const isLeftOut = !(name in hostOptions) || Reflect.get(hostOptions, name) === undefined;
    checkArgument(`options.${name}`, isLeftOut, 'left out: functions come from options.hostModule');
  }
  checkArgument(
    'options.clock',
    hostOptions.clock === undefined || hostModule !== undefined,
    'left out, or also what options.hostModule returns: plugins see that clock',
  );
  return {
    settings: {
      count,
      callMs: callMs ?? CALL_MS,
      startMs: startMs ?? START_MS,
      waitingCallsMax: waitingCallsMax ?? WAITING_CALLS_MAX,
      abandonedMax: abandonedMax ?? ABANDONED_MAX,
    },
    hostModule: hostModule?.toString(),
    hostOptions,
  };
}
