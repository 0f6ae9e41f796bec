import type { CallUse } from '../../call-use.ts';
import type { RemoteCall } from '../remote/commands.ts';

/**
 * The shared memory of a host and a worker. It begins with words, which say whose turn it is. What
 * is asked and answered follows.
 */
export interface Channel {
  readonly words: Int32Array<SharedArrayBuffer>;
  readonly bytes: Uint8Array<SharedArrayBuffer>;
  /**
   * What the call used: fuel, bytes of the request, bytes of the answer; NaN for what is unknown.
   */
  readonly use: Float64Array<SharedArrayBuffer>;
}

/**
 * The words of a channel.
 *
 * - `request`: what the worker shall do: one of {@link Request}.
 * - `answer`: where the answer to a call is: one of {@link Answer}.
 * - `busy`: 1 while the worker runs a command.
 * - `plugin`, `nameBytes`: the number of the plugin that is called, and the length of the name of
 *   its function, which stands before the request.
 * - `bodyBytes`: the length of the request or the answer.
 * - `reportBytes`: the length of the reports, which stand after the answer.
 */
export const WORD = {
  request: 0,
  answer: 1,
  busy: 2,
  plugin: 3,
  nameBytes: 4,
  bodyBytes: 5,
  reportBytes: 6,
} as const;

/** What a worker shall do: nothing yet, a call, look at its messages, or end. */
export const REQUEST = { none: 0, call: 1, message: 2, end: 3 } as const;

/**
 * Where an answer is: there is none yet, in the channel, in a message; or the host has given up.
 */
export const ANSWER = { none: 0, channel: 1, message: 2, never: 3 } as const;

const HEADER_BYTES = 64;

/** Where `use` is in the header. */
const USE_OFFSET = 32;

/**
 * How many bytes of a call or an answer a channel holds. Longer ones are posted: engines copy
 * shared memory slowly, and from here on posting costs as little on all of them.
 */
export const CHANNEL_BYTES = 64 * 1024;

/**
 * Makes a channel, where a worker can wait for one side and the host for the other without
 * blocking.
 *
 * @returns `undefined` where that is not possible: pages that are not isolated have no shared
 * memory.
 */
export function createChannel(): SharedArrayBuffer | undefined {
  if (typeof SharedArrayBuffer === 'undefined' || globalThis.crossOriginIsolated === false) return undefined;
  if (!('waitAsync' in Atomics)) return undefined;
  return new SharedArrayBuffer(HEADER_BYTES + CHANNEL_BYTES);
}

/** Looks at shared memory as a channel. */
export function channelOf(memory: SharedArrayBuffer): Channel {
  return {
    words: new Int32Array(memory, 0, USE_OFFSET / 4),
    use: new Float64Array(memory, USE_OFFSET, 3),
    bytes: new Uint8Array(memory, HEADER_BYTES),
  };
}

/** Sets a word, and wakes who waits for it. */
export function signal({ words }: Channel, word: number, value: number): void {
  Atomics.store(words, word, value);
  Atomics.notify(words, word);
}

const utf8 = /* @__PURE__ */ new TextEncoder();
const text = /* @__PURE__ */ new TextDecoder();

/** The names of functions as UTF-8: a host calls the same few again and again. */
const names = new Map<string, Uint8Array>();

/** The most names that are kept: a host may make functions of its own as it likes. */
const NAMES_MAX = 100;

function nameBytes(name: string): Uint8Array {
  const known = names.get(name);
  if (known !== undefined) return known;
  const bytes = utf8.encode(name);
  if (names.size < NAMES_MAX) names.set(name, bytes);
  return bytes;
}

/**
 * Writes a call.
 *
 * @returns whether it has room.
 */
export function writeCall({ words, bytes }: Channel, { plugin, function: name, request }: RemoteCall): boolean {
  const encoded = nameBytes(name);
  if (encoded.length + request.length > bytes.length) return false;
  words[WORD.plugin] = plugin;
  words[WORD.nameBytes] = encoded.length;
  words[WORD.bodyBytes] = request.length;
  bytes.set(encoded);
  bytes.set(request, encoded.length);
  return true;
}

/** Reads a call. Its request is a view, valid until the answer is written. */
export function readCall({ words, bytes }: Channel): RemoteCall {
  const at = words[WORD.nameBytes] ?? 0;
  const end = at + (words[WORD.bodyBytes] ?? 0);
  return {
    kind: 'call',
    plugin: words[WORD.plugin] ?? 0,
    // A copy: decoders refuse shared memory.
    function: text.decode(bytes.slice(0, at)),
    request: bytes.subarray(at, end),
  };
}

/** An answer to a call, as a channel has it. */
export interface ChannelAnswer {
  readonly answer: Uint8Array<ArrayBuffer>;
  readonly used: CallUse | undefined;
  /** JSON, or nothing. */
  readonly reports: string;
}

/**
 * Writes an answer and the reports that come with it.
 *
 * @returns whether they have room.
 */
export function writeAnswer({ words, use, bytes }: Channel, { answer, used, reports }: ChannelAnswer): boolean {
  const encoded = reports === '' ? undefined : utf8.encode(reports);
  const reportBytes = encoded?.length ?? 0;
  if (answer.length + reportBytes > bytes.length) return false;
  words[WORD.bodyBytes] = answer.length;
  words[WORD.reportBytes] = reportBytes;
  use[0] = used?.fuel ?? Number.NaN;
  use[1] = used?.requestBytes ?? Number.NaN;
  use[2] = used?.responseBytes ?? Number.NaN;
  bytes.set(answer);
  if (encoded !== undefined) bytes.set(encoded, answer.length);
  return true;
}

/** Reads an answer. */
export function readAnswer({ words, use, bytes }: Channel): ChannelAnswer {
  const end = words[WORD.bodyBytes] ?? 0;
  const reportBytes = words[WORD.reportBytes] ?? 0;
  // A copy: the next call overwrites it.
  const answer = new Uint8Array(bytes.subarray(0, end));
  const reports = reportBytes === 0 ? '' : text.decode(bytes.slice(end, end + reportBytes));
  return { answer, used: readUse(use), reports };
}

function readUse([fuel = Number.NaN, requestBytes = Number.NaN, responseBytes = Number.NaN]: Float64Array):
  | CallUse
  | undefined {
  if (Number.isNaN(requestBytes)) return undefined;
  return { ...(!Number.isNaN(fuel) && { fuel }), requestBytes, responseBytes };
}
