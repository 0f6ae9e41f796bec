import { encodeJson } from '../../../json/encode.ts';
import { IdentityReadError, readIdentity } from '../../../protocol/identity.ts';
import { pluginIdentity } from '../../../protocol/messages/index.ts';
import type { End } from '../end.ts';
import type { Vector } from '../vector.ts';
import { endOf } from './failed.ts';

/** Reads an identity, and ends with it. */
export function identityEnds({ wasm }: Vector<'identity'>): readonly End[] {
  return [
    endOf({ identity: IdentityReadError }, () => ({
      response: encodeJson(pluginIdentity, readIdentity(wasm), 'declared'),
    })),
  ];
}
