import { readFileSync } from 'node:fs';
import { customSection, encodeUnsigned, readSections, SECTION } from '../../../src/wasm/index.ts';

/** The plugins that are admitted, under fixtures/, and how often the code of one is repeated. */
const plugins = [
  { path: 'c/observer/observer', copies: 1 },
  { path: 'observer/observer', copies: 1 },
  { path: 'router/router', copies: 1 },
  { path: 'signer/signer', copies: 1 },
  { path: 'dialect/dialect', copies: 1 },
  { path: 'rust/router/router', copies: 1 },
  { path: 'rust/observer/observer', copies: 1 },
  { path: 'rust/router/router', copies: 15 },
];

/** A plugin to admit. */
export interface AdmittedPlugin {
  readonly name: string;
  readonly wasm: Uint8Array<ArrayBuffer>;
}

/** The plugins to admit, by rising size. */
export function admittedPlugins(): AdmittedPlugin[] {
  return plugins.map(({ path, copies }) => {
    const wasm = fixtureBytes(path);
    return copies === 1
      ? { name: path, wasm }
      : { name: `${path}, its code ${copies} times`, wasm: repeatCode(wasm, copies) };
  });
}

/** The bytes of a plugin under fixtures/. */
export function fixtureBytes(path: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(new URL(`../../../fixtures/${path}.wasm`, import.meta.url)));
}

/** The same plugin as other bytes: no cache of an engine knows them. */
export function variant(wasm: Uint8Array<ArrayBuffer>, number: number): Uint8Array<ArrayBuffer> {
  return joined([wasm, customSection('variant', new TextEncoder().encode(`${number}`))]);
}

/**
 * A larger module with the same exports: its functions are repeated, and only the first copy is
 * ever called.
 */
function repeatCode(wasm: Uint8Array<ArrayBuffer>, copies: number): Uint8Array<ArrayBuffer> {
  const parts: (readonly number[] | Uint8Array)[] = [wasm.subarray(0, 8)];
  for (const section of readSections(wasm)) {
    if (section.id !== SECTION.function && section.id !== SECTION.code) {
      parts.push(wasm.subarray(section.offset, section.end));
      continue;
    }
    const { count, start } = vectorCount(wasm, section.contentOffset);
    const elements = wasm.subarray(start, section.end);
    const head = encodeUnsigned(count * copies);
    parts.push([section.id, ...encodeUnsigned(head.length + elements.length * copies), ...head]);
    for (let copy = 0; copy < copies; copy++) parts.push(elements);
  }
  return joined(parts);
}

/** The number that a vector begins with, in LEB128, and where its elements begin. */
function vectorCount(wasm: Uint8Array, offset: number): { readonly count: number; readonly start: number } {
  let [count, shift, at] = [0, 0, offset];
  for (;;) {
    const byte = wasm[at++] ?? 0;
    count += (byte & 0x7f) * 2 ** shift;
    shift += 7;
    if (byte < 0x80) return { count, start: at };
  }
}

function joined(parts: readonly (readonly number[] | Uint8Array)[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
