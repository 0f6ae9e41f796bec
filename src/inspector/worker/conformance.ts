import { verifyHookBytes } from '../../conformance/hooks/verify.ts';
import type { Progress, VerifyReport } from '../../conformance/index.ts';
import { verifyBytes } from '../../conformance/verify.ts';
import type { Generation } from '../../generation/index.ts';
import { type PluginInput, preparedModule, treatedAs } from './plugin-input.ts';

type Verify = (
  bytes: Uint8Array,
  prepared: WebAssembly.Module | undefined,
  onProgress: (progress: Progress) => void,
) => VerifyReport;

const verifications: Readonly<Record<Generation, Verify>> = {
  1: (bytes, prepared, onProgress) => verifyBytes(bytes, prepared, 'auto', { onProgress }),
  2: (bytes, prepared, onProgress) => verifyHookBytes(bytes, prepared, { onProgress }),
};

/** Checks each rule of the contract that applies to a plugin. */
export function verify({ bytes }: PluginInput, report: (progress: Progress) => void): VerifyReport {
  return verifications[treatedAs(bytes)](bytes, preparedModule(bytes), report);
}
