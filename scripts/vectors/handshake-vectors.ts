import type { WrittenVector } from './layer-vectors.ts';
import type { Part } from './parts.ts';

/** A vector of the handshake, without its name. */
export interface HandshakeRow {
  readonly rule: string;
  readonly about?: string;
  readonly flags?: readonly string[];
  readonly deviation?: string;
  readonly wasm: readonly Part[] | string;
  readonly offer?: string;
  readonly budget?: object;
  readonly ends: object;
}

/** The vectors of a table of rows by name. */
export const handshakeVectors = (rows: Readonly<Record<string, HandshakeRow>>): readonly WrittenVector[] =>
  Object.entries(rows).map(([name, { wasm, offer, budget, ends, ...row }]) => ({
    id: `handshake/${name}`,
    ...row,
    wasm,
    ...(offer !== undefined && { offer }),
    ...(budget && { budget }),
    ends,
  }));

/** The end with a failure. */
export const refused = (kind: string, fields?: object): object => ({
  layer: 'handshake',
  error: { kind, ...(fields && { fields }) },
});

/** The end with a violation of the offer, or of the accept against it. */
export const violation = (kind: string, fields?: object): object =>
  refused('Validation', { violation: { kind, ...fields } });

/** The end with an accept, as a host writes it, and the slots of the plugin. */
export const accepted = (response: string, ...slots: readonly string[]): object => ({ response, slots });
