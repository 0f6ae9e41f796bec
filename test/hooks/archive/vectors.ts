import { fromBase64 } from '../../support/base64.ts';
import { fixture } from '../../support/fixture.ts';
import { fromHex } from '../../support/hex.ts';

/**
 * How an archive differs from an undamaged one: as many bytes as at its beginning, as at its end,
 * and between them these, in hexadecimal digits.
 */
type Difference = readonly [before: number, after: number, between: string];

/** A file of fixtures/README.md, "Vectors of the hook ABI". */
interface Recorded {
  readonly type: string;
  readonly archives: readonly { readonly archive: string; readonly value?: unknown }[];
  readonly damaged: readonly (readonly [of: number, ...Difference, canonical?: Difference])[];
}

/** An archive that the published crate wrote, with the value if it was recorded. */
export interface Vector {
  readonly archive: Uint8Array<ArrayBuffer>;
  readonly value?: unknown;
}

/** A damaged archive. */
export interface Damaged {
  readonly archive: Uint8Array<ArrayBuffer>;
  /** What the crate writes for the value that it reads; `undefined` if it refuses the archive. */
  readonly canonical: Uint8Array<ArrayBuffer> | undefined;
}

/** What the published crate says of one type. */
export interface Vectors {
  readonly type: string;
  readonly archives: readonly Vector[];
  readonly damaged: readonly Damaged[];
}

/** Reads a JSON file of `fixtures/hooks/`. */
export async function recorded(name: string): Promise<unknown> {
  return JSON.parse(new TextDecoder().decode(await fixture(`hooks/${name}`)));
}

/** Reads the vectors of all types. */
export async function readVectors(): Promise<readonly Vectors[]> {
  // The cast: the project's own file.
  const types = (await recorded('archives.json')) as readonly Recorded[];
  return types.map(({ type, archives, damaged }) => {
    const bases = archives.map(({ archive }) => fromBase64(archive));
    const apply = (of: number, [before, after, between]: Difference): Uint8Array<ArrayBuffer> => {
      const base = bases[of] ?? new Uint8Array();
      return Uint8Array.from([...base.subarray(0, before), ...fromHex(between), ...base.subarray(base.length - after)]);
    };
    return {
      type,
      archives: archives.map(({ value }, index) => ({
        archive: bases[index] ?? new Uint8Array(),
        value: plain(value),
      })),
      damaged: damaged.map(([of, before, after, between, canonical]) => ({
        archive: apply(of, [before, after, between]),
        canonical: canonical && apply(of, canonical),
      })),
    };
  });
}

/** Turns a recorded value into that of the declared type. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const { hex, u64, f64, variant, ...fields } = value as Record<string, unknown>;
  if (typeof hex === 'string') return fromHex(hex);
  if (typeof u64 === 'string') return Number.isSafeInteger(Number(u64)) ? Number(u64) : BigInt(u64);
  if (typeof f64 === 'string') return new DataView(fromHex(f64).buffer).getFloat64(0);
  const entries = Object.entries(fields).map(([name, field]) => [name, plain(field)]);
  return Object.fromEntries(variant === undefined ? entries : [['kind', variant], ...entries]);
}
