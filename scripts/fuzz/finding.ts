import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';

/** A value for which a property does not hold. */
export interface Finding {
  readonly property: string;
  /** Of the run that found it. */
  readonly seed: number;
  /** The first lines of what was thrown. */
  readonly error: string;
  /** The smallest value that was found; bytes are in base64. */
  readonly value: unknown;
}

const folder = new URL('../../fuzz-findings/', import.meta.url);

/** JSON has neither bytes nor bigints: they travel under these keys. */
const BYTES = '$bytes';
const BIGINT = '$bigint';

function toJson(value: unknown): unknown {
  if (typeof value === 'bigint') return { [BIGINT]: String(value) };
  if (value instanceof Uint8Array) return { [BYTES]: Buffer.from(value).toString('base64') };
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, toJson(each)]));
}

function fromJson(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const [[key, text] = []] = Object.entries(value);
  if (key === BYTES && typeof text === 'string') return new Uint8Array(Buffer.from(text, 'base64'));
  return key === BIGINT && typeof text === 'string' ? BigInt(text) : value;
}

/** Keeps a finding in a file. Returns its path. */
export function keep(finding: Finding): string {
  mkdirSync(folder, { recursive: true });
  const name = `${finding.property}-${finding.seed}.json`;
  writeFileSync(new URL(name, folder), `${JSON.stringify(toJson(finding), null, 2)}\n`);
  return `fuzz-findings/${name}`;
}

/** The finding in a file. */
export function readFinding(path: string): Finding {
  // Written by `keep`; the property is looked up by its name, and says what the value must be.
  return JSON.parse(readFileSync(path, 'utf8'), fromJson) as Finding;
}
