import { translate } from '../failure.ts';
import type { Generation } from '../generation/exports.ts';
import { generationOf } from '../generation/index.ts';
import { adviceOn, MODULE_BYTES, type ModuleBytes, unsharedBytes } from '../module-source.ts';
import { readSections, WasmFormatError } from '../wasm/index.ts';
import { IDENTITY_SECTION_NAME, IdentityReadError } from './identity-error.ts';
import { missingSection, readPayload, tellingGeneration } from './identity-payload.ts';
import type { PluginIdentity } from './messages/index.ts';

export type { EngineModule, ModuleBytes } from '../module-source.ts';
export {
  IDENTITY_SECTION_NAME,
  IdentityReadError,
  type IdentityReadFailure,
  type IdentityViolation,
} from './identity-error.ts';
export { ABI_ENVELOPE, IDENTITY_MAGIC, validateIdentity } from './identity-payload.ts';
export type { PluginIdentity } from './messages/metadata.ts';
export { readModuleIdentity } from './module-identity.ts';

/**
 * Reads a plugin's identity from its bytes, without compiling or running anything (abi/PROTOCOL.md,
 * Layer 1).
 *
 * It reads the module once, from the first byte to the last, and reports the first fault in the
 * bytes.
 *
 * @param wasm the bytes of a core module.
 * @returns the identity, whose name and version follow the rules.
 * @throws IdentityReadError if there is no valid identity. TypeError if `wasm` is not bytes.
 */
export function readIdentity(wasm: ModuleBytes): PluginIdentity {
  const bytes = unsharedBytes(wasm);
  if (bytes === undefined) throw new TypeError(`wasm must be ${MODULE_BYTES}${adviceOn(wasm)}`);
  const generation = (): Generation | undefined => generationOf(bytes);
  return tellingGeneration(generation, () =>
    translate(
      () => findIdentity(bytes),
      WasmFormatError,
      ({ message: reason, failure: fault }, options) =>
        new IdentityReadError({ kind: 'WasmParseError', offset: fault.offset, reason, fault }, options),
    ),
  );
}

/** How many custom sections are looked at for a misspelt name. */
const OTHERS_MAX = 1_000;

function findIdentity(bytes: Uint8Array): PluginIdentity {
  let identity: PluginIdentity | undefined;
  const others: string[] = [];
  for (const { name, contentOffset, end } of readSections(bytes)) {
    if (name !== IDENTITY_SECTION_NAME) {
      if (name !== undefined && others.length < OTHERS_MAX) others.push(name);
      continue;
    }
    if (identity !== undefined) throw new IdentityReadError({ kind: 'DuplicateCustomSection' });
    identity = readPayload(bytes.subarray(contentOffset, end));
  }
  if (identity === undefined) throw missingSection(others);
  return identity;
}
