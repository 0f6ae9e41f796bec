// Archives that the published crate wrote, and damaged ones that it refused (fixtures/README.md,
// "Vectors of the hook ABI").
import { readFileSync } from 'node:fs';
import { formatFloat } from '../../../src/json/text/float.ts';
import { hexOf } from '../hex.ts';
import type { WrittenVector } from '../layer-vectors.ts';
import type { Part } from '../parts.ts';
import { both, reads } from './case.ts';

/** How an archive differs from another: as many bytes as before and after are the same. */
type Difference = readonly [of: number, before: number, after: number, between: string, canonical?: unknown];

interface Recorded {
  readonly type: string;
  readonly archives: readonly { readonly archive: string; readonly value?: RecordedValue }[];
  readonly damaged: readonly Difference[];
}

/** Integers of 64 bits, doubles and bytes are objects with one field of text. */
type RecordedValue = null | string | number | readonly RecordedValue[] | RecordedFields;
interface RecordedFields {
  readonly [field: string]: RecordedValue;
}

/** A type as abi/hooks.json writes it. */
type TypeName = string | { readonly option: TypeName } | { readonly list: TypeName };
interface Declared {
  readonly name: string;
  readonly fields?: readonly { readonly name: string; readonly type: TypeName }[];
  readonly variants?: readonly Declared[];
}

const VALUES = 3;
const DAMAGED = 5;
/** The most bytes that a damage changes, and the most of an archive. */
const CHANGED_MAX = 4;
const ARCHIVE_MAX = 320;

const root = new URL('../../../', import.meta.url);
// The casts: the project's own files.
const recorded = JSON.parse(readFileSync(new URL('fixtures/hooks/archives.json', root), 'utf8')) as readonly Recorded[];
const { types } = JSON.parse(readFileSync(new URL('abi/hooks.json', root), 'utf8')) as {
  readonly types: readonly Declared[];
};

/** How the types that have no fields are written. */
const scalars: Readonly<Record<string, (value: RecordedFields) => string>> = {
  text: (value) => JSON.stringify(value),
  u16: String,
  u32: String,
  u64: ({ u64 }) => String(u64),
  f64: ({ f64 }) => formatFloat(Buffer.from(String(f64), 'hex').readDoubleBE()),
  bytes: ({ hex }) => JSON.stringify(Buffer.from(String(hex), 'hex').toString('base64')),
};

/** The JSON form of a recorded value. */
function jsonForm(type: TypeName, value: RecordedValue): string {
  if (typeof type !== 'string') {
    if ('option' in type) return value === null ? 'null' : jsonForm(type.option, value);
    // The casts in here: the record has a value of the type.
    return `[${(value as readonly RecordedValue[]).map((item) => jsonForm(type.list, item)).join(',')}]`;
  }
  const fields = value as RecordedFields;
  const scalar = scalars[type];
  if (scalar !== undefined) return scalar(fields);
  const declared = types.find(({ name }) => name === type);
  const variant = declared?.variants?.find(({ name }) => name === fields.variant);
  const kind = variant ? [`"kind":"${variant.name}"`] : [];
  const members = ((variant ?? declared)?.fields ?? []).map(({ name, type: of }) => {
    const isBytes = of === 'bytes' || (typeof of === 'object' && 'option' in of && of.option === 'bytes');
    return `"${name}${isBytes ? '_base64' : ''}":${jsonForm(of, fields[name] ?? null)}`;
  });
  return `{${[...kind, ...members].join(',')}}`;
}

const parts = (bytes: Uint8Array): readonly Part[] => [{ hex: hexOf(bytes) }];

function vectorsOf({ type, archives, damaged }: Recorded): readonly WrittenVector[] {
  const bytes = archives.map(({ archive }) => Buffer.from(archive, 'base64'));
  const values = archives
    .flatMap(({ value }, index) => (value === undefined ? [] : [{ value, archive: bytes[index] ?? Buffer.of() }]))
    .filter(({ archive }, index, all) => all.findIndex((each) => each.archive.equals(archive)) === index)
    .slice(0, VALUES)
    .flatMap(({ value, archive }, index) =>
      both({
        rule: 'HA-11',
        name: `recorded-${type}-${index + 1}`,
        about: 'The published crate wrote it.',
        type,
        json: jsonForm(type, value),
        archive: parts(archive),
      }),
    );
  const refused = damaged
    .filter(([, before, after, between, canonical]) => {
      const isSmall = before > 0 && after > 0 && between.length <= 2 * CHANGED_MAX;
      return isSmall && canonical === undefined && before + after < ARCHIVE_MAX;
    })
    .slice(0, DAMAGED)
    .map(([of, before, after, between], index) => {
      const base = bytes[of] ?? Buffer.of();
      const archive = [base.subarray(0, before), Buffer.from(between, 'hex'), base.subarray(base.length - after)];
      return reads({
        rule: 'HA-12',
        name: `recorded-${type}-damaged-${index + 1}`,
        about: 'The published crate refused it.',
        type,
        archive: parts(Buffer.concat(archive)),
      });
    });
  return [...values, ...refused];
}

/** Archives of the requests and responses. */
export const archiveRecorded: readonly WrittenVector[] = recorded.flatMap(vectorsOf);
