// Archives that the published crate wrote, and damaged ones that it refused (fixtures/README.md,
// "Vectors of the hook ABI").
import { readFileSync } from 'node:fs';
import { formatFloat } from '../../../src/json/text/float.ts';
import type { WrittenVector } from '../layer-vectors.ts';
import { both, hexOf, type Part, reads } from './archive-parts.ts';

/** How an archive differs from another: as many bytes as before and after are the same. */
type Difference = readonly [of: number, before: number, after: number, between: string, canonical?: unknown];

interface Recorded {
  readonly type: string;
  readonly archives: readonly { readonly archive: string; readonly value?: RecordedValue }[];
  readonly damaged: readonly Difference[];
}

type RecordedValue = null | string | number | readonly RecordedValue[] | { readonly [field: string]: RecordedValue };

interface Fields {
  readonly name: string;
  readonly fields?: readonly { readonly name: string }[];
  readonly variants?: readonly Fields[];
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
  readonly types: readonly Fields[];
};

/** The names of fields in their declared order. That of a field comes before those of its type. */
const order = types.flatMap(({ fields = [], variants = [] }) => [fields, ...variants.map((each) => each.fields ?? [])]);

/** The JSON form of a recorded value. */
function jsonForm(value: RecordedValue): string {
  if (Array.isArray(value)) return `[${value.map(jsonForm).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const { u64, f64, variant, ...fields } = value as { readonly [field: string]: RecordedValue };
  if (typeof u64 === 'string') return u64;
  if (typeof f64 === 'string') return formatFloat(Buffer.from(f64, 'hex').readDoubleBE());
  const names = Object.keys(fields);
  const declared = order.find((each) => each.length === names.length && each.every(({ name }) => names.includes(name)));
  const kind = typeof variant === 'string' ? [`"kind":${JSON.stringify(variant)}`] : [];
  const written = (declared ?? []).map(({ name }) => field(name, fields[name] ?? null));
  return `{${[...kind, ...written].join(',')}}`;
}

function field(name: string, value: RecordedValue): string {
  const hex = value !== null && typeof value === 'object' && 'hex' in value ? value.hex : undefined;
  if (typeof hex === 'string') return `"${name}_base64":"${Buffer.from(hex, 'hex').toString('base64')}"`;
  return value === null && OPTIONAL_BYTES.includes(name) ? `"${name}_base64":null` : `"${name}":${jsonForm(value)}`;
}

/** The fields that are options of bytes. */
const OPTIONAL_BYTES = ['body'];

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
        json: jsonForm(value),
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
