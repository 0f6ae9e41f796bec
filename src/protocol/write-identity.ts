import { translate } from '../failure.ts';
import { generationOf } from '../generation/index.ts';
import { adviceOn, MODULE_BYTES, type ModuleBytes, unsharedBytes } from '../module-source.ts';
import { ByteSink, customSection, readSections, WasmFormatError } from '../wasm/index.ts';
import {
  ABI_ENVELOPE,
  IDENTITY_MAGIC,
  IDENTITY_SECTION_NAME,
  IdentityReadError,
  readIdentity,
  validateIdentity,
} from './identity.ts';
import { encodeJson, type PluginIdentity, pluginIdentity } from './messages/index.ts';

/**
 * Writes an identity into a module. It replaces the identity section that the module has, or the
 * first of several, whose others it removes. Without one, the identity is written at the end. All
 * other bytes stay as they are.
 *
 * @param wasm the bytes of a core module. They are not changed.
 * @param identity the name and version, by the rules of {@link IdentityViolation}.
 * @returns the bytes of the new module, in which {@link readIdentity} finds the identity.
 * @throws IdentityReadError `Validation` if the name or version breaks the rules, `WasmParseError`
 * if `wasm` is not well-formed. For a plugin of the hook ABI, whose metadata section has the same
 * name, it throws what {@link readIdentity} throws. JsonEncodeError if the name or version is not a
 * string of whole characters. TypeError if `wasm` is not bytes.
 */
export function writeIdentity(
  wasm: ModuleBytes,
  { plugin_name, plugin_version }: Pick<PluginIdentity, 'plugin_name' | 'plugin_version'>,
): Uint8Array<ArrayBuffer> {
  const bytes = unsharedBytes(wasm);
  if (bytes === undefined) throw new TypeError(`wasm must be ${MODULE_BYTES}${adviceOn(wasm)}`);
  const identity = { magic: [...IDENTITY_MAGIC], abi_envelope: ABI_ENVELOPE, plugin_name, plugin_version };
  const payload = new TextEncoder().encode(encodeJson(pluginIdentity, identity, 'declared'));
  validateIdentity(identity);
  if (generationOf(bytes) === 2) readIdentity(bytes);
  const written = customSection(IDENTITY_SECTION_NAME, payload);
  const sections = identitySections(bytes);
  const [first = { offset: bytes.length, end: bytes.length }, ...others] = sections;
  const sink = new ByteSink(bytes.length + written.length);
  sink.append(bytes.subarray(0, first.offset));
  sink.append(written);
  let kept = first.end;
  for (const { offset, end } of others) {
    sink.append(bytes.subarray(kept, offset));
    kept = end;
  }
  sink.append(bytes.subarray(kept));
  return sink.view().slice();
}

/** @throws IdentityReadError `WasmParseError` if the module is not well-formed. */
function identitySections(bytes: Uint8Array) {
  return translate(
    () => [...readSections(bytes)].filter(({ name }) => name === IDENTITY_SECTION_NAME),
    WasmFormatError,
    ({ message: reason, failure: fault }, options) =>
      new IdentityReadError({ kind: 'WasmParseError', offset: fault.offset, reason, fault }, options),
  );
}
