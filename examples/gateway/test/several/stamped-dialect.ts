import { readFileSync } from 'node:fs';
import { writeIdentity } from '../../../../src/protocol/write-identity.ts';

const dialect = readFileSync(new URL('../../../../fixtures/dialect/dialect.wasm', import.meta.url));

/** What the plugin writes into the header `anthropic-version`, as it stands in its module. */
const written = Buffer.from('2023-06-01', 'utf16le');

/** A dialect that stamps its version into every request that it shapes. */
export function stampedDialect(version: number): Uint8Array<ArrayBuffer> {
  const bytes = Buffer.from(dialect);
  bytes.set(Buffer.from(stampOf(version), 'utf16le'), bytes.indexOf(written));
  return writeIdentity(new Uint8Array(bytes), { plugin_name: 'dialect', plugin_version: `${version}.0.0` });
}

/** A stamp has as many characters as what it replaces. */
const stampOf = (version: number): string => `v${String(version).padStart(9, '0')}`;

/** @returns the version of a stamp; `undefined` if no plugin has stamped it. */
export function versionOf(stamp: string | null): number | undefined {
  return stamp?.startsWith('v') ? Number(stamp.slice(1)) : undefined;
}
