/**
 * What the address of the page holds after `#`: what is shown and what was asked, so that a link
 * leads back to it. It never holds bytes of a plugin. The fragment is hostile input: anybody can
 * write a link.
 */
export interface PageState {
  /** The id of the panel that is shown; '' for the first of the plugin's. */
  readonly panel: string;
  /** The id of the sample that is open; '' for a file of the reader, or nothing. */
  readonly sample: string;
  /** The rule that is shown, as checks refer to it: `abi/PROTOCOL.md#L-1`. */
  readonly rule: string;
  /** The index of the function whose code is shown. */
  readonly func: number | undefined;
  /** The wire function or hook that is called. */
  readonly call: string;
  /** The text of the request, as the reader left it; '' for the sample's. */
  readonly request: string;
  /** The budgets that are not the default: `fuel=1000,calls=none`. */
  readonly budgets: string;
  /** How often a call is repeated for the plot; the default if `undefined`. */
  readonly repeats: number | undefined;
}

/** Changes fields of the state to values, or to what a function makes of the latest state. */
export type SetState = (change: Partial<PageState> | ((now: PageState) => Partial<PageState>)) => void;

/** The state of a page that is opened without a fragment. */
export const FIRST_STATE: PageState = {
  panel: '',
  sample: '',
  rule: '',
  func: undefined,
  call: '',
  request: '',
  budgets: '',
  repeats: undefined,
};

/** The most characters of a fragment that are read. A longer one is taken for none. */
export const FRAGMENT_MAX = 65_536;

/** How one field is read from the fragment and written to it. */
interface Field<Value> {
  /** Reads a value; `undefined` if the text is none, so that the first state's value holds. */
  readonly read: (text: string) => Value | undefined;
  /** Writes a value; '' leaves the field out of the fragment. */
  readonly write: (value: Value) => string;
}

/** A text of at most `max` characters that a pattern allows. */
function textField(max: number, pattern: RegExp): Field<string> {
  return { read: (text) => (text.length <= max && pattern.test(text) ? text : undefined), write: (value) => value };
}

/** A whole number from `min` to `max`, in decimal digits. */
function numberField(min: number, max: number): Field<number | undefined> {
  const read = (text: string): number | undefined => {
    const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
    return value >= min && value <= max ? value : undefined;
  };
  return { read, write: (value) => (value === undefined ? '' : String(value)) };
}

const NAME = /^[\w-]*$/;

const fields: { readonly [Name in keyof PageState]: Field<PageState[Name]> } = {
  panel: textField(32, NAME),
  sample: textField(64, NAME),
  rule: textField(128, /^[\w./#-]*$/),
  func: numberField(0, 10_000_000),
  call: textField(64, NAME),
  request: textField(32_768, /^/),
  budgets: textField(2_048, /^[\w=,]*$/),
  repeats: numberField(1, 10_000),
};

/** The names of the fields. */
// The keys of an object literal are those of its type.
const names = Object.keys(fields) as (keyof PageState)[];

/**
 * Reads a fragment. What is not a field, or out of a field's bounds, is left out: nothing is
 * thrown.
 *
 * @param fragment `location.hash`, with or without `#`.
 */
export function readState(fragment: string): PageState {
  if (fragment.length > FRAGMENT_MAX) return FIRST_STATE;
  const given = new URLSearchParams(fragment.replace(/^#/, ''));
  const read = <Name extends keyof PageState>(name: Name): PageState[Name] =>
    fields[name].read(given.get(name) ?? '') ?? FIRST_STATE[name];
  // One entry for each field, read by the field's own reader.
  return Object.fromEntries(names.map((name) => [name, read(name)])) as unknown as PageState;
}

/**
 * Reads a fragment that the address has now.
 *
 * @param before the state that was shown. Its request stays if it is too long for an address, and
 * the fragment is about the same call.
 */
export function followState(before: PageState, fragment: string): PageState {
  const after = readState(fragment);
  const isAddressed = readState(writeState(before)).request === before.request;
  const isSame = (['sample', 'call'] as const).every((name) => after[name] === before[name]);
  return !isAddressed && isSame && after.request === '' ? { ...after, request: before.request } : after;
}

/**
 * Writes a state as a fragment. Fields with the value of the first state are left out.
 *
 * @returns the fragment with its `#`. It is at most {@link FRAGMENT_MAX} characters: a request that
 * is too long for it is left out.
 */
export function writeState(state: PageState): string {
  const full = fragmentOf(state, names);
  return full.length <= FRAGMENT_MAX
    ? full
    : fragmentOf(
        state,
        names.filter((name) => name !== 'request'),
      );
}

function fragmentOf(state: PageState, written: readonly (keyof PageState)[]): string {
  const params = new URLSearchParams();
  const write = <Name extends keyof PageState>(name: Name): void => {
    const text = fields[name].write(state[name]);
    if (text !== '' && fields[name].read(text) !== undefined) params.set(name, text);
  };
  for (const name of written) write(name);
  return `#${params}`;
}
