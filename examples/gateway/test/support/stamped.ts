import { readFileSync } from 'node:fs';
import type { Upstream } from '../../upstreams.ts';
import { answer, wirePlugin } from './wire-plugin.ts';

const header = (name: string, value: string) => ({ name, value_base64: btoa(value) });

/**
 * Writes a plugin of generation 1 that has all functions of a request, and puts its version into
 * each answer: it chooses the upstream with the same parity, and stamps the URL, the signature and
 * the body of an error.
 */
export function stampedWirePlugin(version: number, upstreams: readonly Upstream[]): Promise<Uint8Array> {
  const { id = '', baseUrl = '' } = upstreams[version % upstreams.length] ?? {};
  return wirePlugin({
    filter: answer({ results: [{ upstream_id: id, decision: 'accept', reason: '' }] }),
    shape: answer({ url: `${baseUrl}/${version}`, method: 'POST', headers: [], body_base64: btoa('{}') }),
    normalize_error: answer({ body_base64: btoa(`${version}`) }),
    build_signer: answer({ signer_state: null }),
    sign: answer({ url: null, method: null, headers: [header('x-signed-by', `${version}`)], body_base64: null }),
    on_unauthorized: answer({ decision: 'retry', signer_state: null }),
    observe: answer({}),
  });
}

const fixture = (path: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../../../fixtures/hooks/${path}.wasm`, import.meta.url)));

/** Replaces each occurrence of a text in a module by another one of the same length. */
function replaced(wasm: Uint8Array, from: string, to: string): Uint8Array {
  const bytes = new Uint8Array(wasm);
  const [old, stamp] = [from, to].map((text) => new TextEncoder().encode(text));
  if (old === undefined || stamp === undefined || old.length !== stamp.length) throw new Error(`${from}, ${to}`);
  let count = 0;
  for (let at = 0; at + old.length <= bytes.length; at++) {
    if (!old.every((byte, index) => bytes[at + index] === byte)) continue;
    bytes.set(stamp, at);
    count++;
  }
  if (count === 0) throw new Error(`the module does not have the text ${from}`);
  return bytes;
}

const twoDigits = (version: number): string => String(version).padStart(2, '0');
const seal = fixture('seal/seal');
const active = fixture('shape-active/shape-active');

/** A hook plugin that adds its version, of two digits, to the names of headers that it adds. */
export function stampedHookPlugin(version: number): Uint8Array {
  const shaped = replaced(seal, 'x-principal', `x-shaped-${twoDigits(version)}`);
  return replaced(shaped, 'x-body-bytes', `x-answers-${twoDigits(version)}`);
}

/** A hook plugin that gives each event without a name its version as a name. */
export function stampedStreamPlugin(version: number): Uint8Array {
  return replaced(active, 'message', `event${twoDigits(version)}`);
}
