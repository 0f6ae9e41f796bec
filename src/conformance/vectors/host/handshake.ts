import { resultOf } from '../../../failure.ts';
import { decodeJson } from '../../../json/decode.ts';
import { encodeJson } from '../../../json/encode.ts';
import { compilePlugin } from '../../../plugin/compile.ts';
import {
  buildOffer,
  executeHandshake,
  HandshakeExecutionError,
  slotsFromHandshake,
} from '../../../protocol/handshake.ts';
import { handshakeAccept, handshakeOffer } from '../../../protocol/messages/index.ts';
import type { End } from '../end.ts';
import type { Vector } from '../vector.ts';
import { layerBudget } from './budget.ts';
import { endOf } from './failed.ts';

/** Makes a handshake, and ends with the accept and the slots of the plugin. */
export function handshakeEnds({ wasm, offer, budget }: Vector<'handshake'>): readonly End[] {
  const given = typeof offer === 'string' ? decodeJson(handshakeOffer, offer) : buildOffer();
  const compiled = resultOf(() => compilePlugin(wasm));
  const end = endOf({ handshake: HandshakeExecutionError }, () => {
    const accept = executeHandshake(compiled, given, layerBudget(budget));
    return {
      response: encodeJson(handshakeAccept, accept, 'declared'),
      slots: slotsFromHandshake(accept.implemented_functions),
    };
  });
  return [end];
}
