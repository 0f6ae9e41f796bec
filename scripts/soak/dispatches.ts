// Dispatches to plugins of both generations, many at once, where each answer shows its request.
import { encodeBase64 } from '../../src/base64.ts';
import { shapeHook } from '../../src/hooks/index.ts';
import { shapeSample } from '../../src/hooks/samples.ts';
import type { RemotePluginHost } from '../../src/host/index.ts';
import { wire } from '../../src/protocol/messages/index.ts';

/** The plugins of a soak: their modules copy the body of a request into the answer. */
export interface SoakModules {
  /** A dialect of generation 1. */
  readonly dialect: Uint8Array;
  /** A hook plugin of the slot `shape`. */
  readonly shape: Uint8Array;
}

/** What became of the dispatches. */
export interface SoakCounts {
  readonly sent: number;
  /** Dispatches without an answer. */
  readonly lost: number;
  /** Answers to another request. */
  readonly crossed: number;
  /** The first few faults. */
  readonly faults: readonly string[];
}

/** How many keys each module is registered under. */
const KEYS = 3;

const FAULTS_MAX = 5;

/**
 * The length of the body, by the number of the dispatch: now and then more than a channel holds.
 * The odd ones are for hook plugins, which have memory enough for that.
 */
function bodyBytes(number: number): number {
  if (number % 1_001 === 0 && number % 2 === 1) return 400_000;
  return number % 101 === 0 ? 40_000 : 20 + (number % 2_000);
}

const utf8 = new TextEncoder();

function bodyOf(number: number): Uint8Array<ArrayBuffer> {
  const body = new Uint8Array(bodyBytes(number)).fill(number & 0xff);
  body.set(utf8.encode(String(number).padStart(12, '0')));
  return body;
}

const areEqual = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, index) => byte === b[index]);

/** Registers the plugins. */
export async function registerSoak(host: RemotePluginHost, { dialect, shape }: SoakModules): Promise<void> {
  for (let key = 0; key < KEYS; key++) {
    await host.register({ name: `dialect ${key}` }, dialect);
    await host.register({ name: `shape ${key}` }, shape);
  }
}

/** Makes one dispatch. @returns what is wrong with its answer; `undefined` if nothing is. */
async function dispatch(host: RemotePluginHost, number: number): Promise<'lost' | 'crossed' | undefined> {
  const body = bodyOf(number);
  const key = (number >> 1) % KEYS;
  if (number % 2 === 0) {
    const sample = wire.v2.shape.dryRunRequest();
    const body_base64 = encodeBase64(body);
    const request = { ...sample, request: { ...sample.request, body_base64 } };
    const outcome = await host.dispatch({ name: `dialect ${key}` }, wire.v2.shape, request);
    if (outcome.kind !== 'ok') throw outcome.error;
    return outcome.response.body_base64 === body_base64 ? undefined : 'crossed';
  }
  const outcome = await host.dispatch({ name: `shape ${key}` }, shapeHook, { ...shapeSample(), body });
  if (outcome.kind !== 'ok') throw outcome.error;
  return areEqual(outcome.response.body, body) ? undefined : 'crossed';
}

/**
 * Makes dispatches, many at once, and checks each answer.
 *
 * @param count how many.
 * @param atOnce how many are under way at the same time.
 * @param onProgress called after each thousand.
 */
export async function soakDispatches(
  host: RemotePluginHost,
  count: number,
  atOnce: number,
  onProgress: (sent: number) => void = () => undefined,
): Promise<SoakCounts> {
  const faults: string[] = [];
  const found = { lost: 0, crossed: 0 };
  let sent = 0;
  const take = async (): Promise<void> => {
    while (sent < count) {
      const number = sent++;
      if (sent % 1_000 === 0) onProgress(sent);
      let text = '';
      const fault = await dispatch(host, number).catch((error: unknown) => {
        text = String(error);
        return 'lost' as const;
      });
      if (fault === undefined) continue;
      found[fault]++;
      if (faults.length < FAULTS_MAX) faults.push(`dispatch ${number} was ${fault} ${text}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, take));
  return { sent, ...found, faults };
}
