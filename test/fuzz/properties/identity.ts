import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import { IDENTITY_SECTION_NAME, IdentityReadError, readIdentity } from '../../../src/protocol/identity.ts';
import type { PluginIdentity } from '../../../src/protocol/messages/index.ts';
import { leb, moduleOf, name } from '../../support/bytes.ts';
import { property } from './property.ts';

const magic = [204, 27, 112, 16, 0, 1, 0, 0];

const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 70 }), fc.stringMatching(/^[a-z][a-z0-9_-]{0,70}$/));

/** Fields of an identity, each valid in most cases. */
const fields = fc.record(
  {
    magic: fc.oneof(
      { weight: 4, arbitrary: fc.constant(magic) },
      fc.array(fc.integer({ min: -1, max: 256 }), { maxLength: 9 }),
    ),
    abi_envelope: fc.oneof(fc.nat(), fc.constantFrom(-1, 1.5, 2 ** 32, 2 ** 32 - 1)),
    plugin_name: text,
    plugin_version: fc.oneof(fc.constant('1.0.0'), text),
    extra: fc.constantFrom(null, 1, 'x'),
  },
  { requiredKeys: ['magic', 'abi_envelope', 'plugin_name', 'plugin_version'] },
);

const payload = fc.oneof(
  fields.map((value) => new TextEncoder().encode(JSON.stringify(value))),
  fields.map((value) => new TextEncoder().encode(JSON.stringify(Object.values(value)))),
  fc.uint8Array({ maxLength: 40 }),
);

/** A few custom sections. Some have the name of the identity section. */
const modules = fc
  .array(
    fc.tuple(
      fc.constantFrom(IDENTITY_SECTION_NAME, IDENTITY_SECTION_NAME, 'name', 'cc_lb.plugin.v1\u0000', ''),
      payload,
    ),
    {
      maxLength: 3,
    },
  )
  .map((sections) =>
    moduleOf(
      ...sections.map(([title, bytes]) => {
        const contents = [...name(title), ...bytes];
        return [0, ...leb(contents.length), ...contents];
      }),
    ),
  );

function read(bytes: Uint8Array): PluginIdentity | IdentityReadError {
  try {
    return readIdentity(bytes);
  } catch (error) {
    if (error instanceof IdentityReadError) return error;
    throw error;
  }
}

/** The rules in another form: by the engine's readers of sections and of JSON, and a pattern. */
function isGood(payloads: readonly ArrayBuffer[]): boolean {
  const [only, ...others] = payloads;
  if (only === undefined || others.length > 0) return false;
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(only));
  } catch {
    return false;
  }
  if (typeof value !== 'object' || value === null) return false;
  const names = ['magic', 'abi_envelope', 'plugin_name', 'plugin_version'];
  const keys = Array.isArray(value) ? names.slice(0, value.length) : Object.keys(value);
  const parts: unknown[] = Array.isArray(value)
    ? value
    : names.map((key) => Object.entries(value).find(([own]) => own === key)?.[1]);
  if (parts.length !== 4 || keys.length !== 4 || names.some((key) => !keys.includes(key))) return false;
  const [found, envelope, title, version] = parts;
  return (
    JSON.stringify(found) === JSON.stringify(magic) &&
    Number.isInteger(envelope) &&
    Number(envelope) >= 0 &&
    Number(envelope) < 2 ** 32 &&
    typeof title === 'string' &&
    /^[a-z][a-z0-9_-]{0,63}$/.test(title) &&
    !title.endsWith('\n') &&
    typeof version === 'string' &&
    version !== '' &&
    new TextEncoder().encode(version).length <= 32
  );
}

/** An identity is read if and only if it is valid. */
export const identity = property<Uint8Array>({
  name: 'identity',
  oracle: 'the rules of abi/PROTOCOL.md, Layer 1, by JSON.parse and WebAssembly.Module.customSections',
  values: modules,
  check: (bytes) => {
    const found = read(bytes);
    const payloads = WebAssembly.Module.customSections(
      new WebAssembly.Module(new Uint8Array(bytes)),
      IDENTITY_SECTION_NAME,
    );
    assert.is(
      !(found instanceof IdentityReadError),
      isGood(payloads),
      found instanceof Error ? found.message : 'it was read',
    );
  },
});
