import { type Generation, generationOfExports } from '../generation/exports.ts';
import { sectionNamesOf } from '../metering/section-names.ts';
import type { EngineModule } from '../module-source.ts';
import { checkArgument } from '../option-rules.ts';
import { isModule } from '../realms.ts';
import { IDENTITY_SECTION_NAME, IdentityReadError } from './identity-error.ts';
import { missingSection, readPayload, tellingGeneration } from './identity-payload.ts';
import type { PluginIdentity } from './messages/index.ts';

/**
 * Reads the identity of a module that the engine has compiled, so it is well-formed. It is the same
 * as `readIdentity` returns for its bytes.
 *
 * @throws IdentityReadError of any kind but `WasmParseError`. TypeError if it is not a module.
 */
export function readModuleIdentity(module: EngineModule): PluginIdentity {
  checkArgument('module', isModule(module), 'a WebAssembly.Module: readIdentity of the entry ./identity takes bytes');
  const generation = (): Generation | undefined => generationOfExports(WebAssembly.Module.exports(module));
  return tellingGeneration(generation, () => findModuleIdentity(module));
}

function findModuleIdentity(module: EngineModule): PluginIdentity {
  const [payload, ...others] = WebAssembly.Module.customSections(module, IDENTITY_SECTION_NAME);
  if (payload === undefined) throw missingSection(sectionNamesOf(module));
  const identity = readPayload(new Uint8Array(payload));
  if (others.length > 0) throw new IdentityReadError({ kind: 'DuplicateCustomSection' });
  return identity;
}
