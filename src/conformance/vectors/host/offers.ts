import { encodeHex } from '../../../hex.ts';
import { decodeJson } from '../../../json/decode.ts';
import { encodeJson } from '../../../json/encode.ts';
import { canonicalizeOffer, hostOfferHash } from '../../../protocol/handshake.ts';
import { canonicalOffer, handshakeOfferRaw } from '../../../protocol/messages/index.ts';
import type { End } from '../end.ts';
import type { Vector } from '../vector.ts';
import { endOfGivenJson } from './given-json.ts';

/** Makes the canonical form of an offer, and ends with it and its hash. */
export async function offerEnds({ raw }: Vector<'offers'>): Promise<readonly End[]> {
  const end = await endOfGivenJson(async () => {
    const offer = decodeJson(handshakeOfferRaw, raw);
    const hash = await hostOfferHash(offer);
    return {
      response: encodeJson(canonicalOffer, canonicalizeOffer(offer), 'declared'),
      hash: encodeHex(hash),
    };
  });
  return [end];
}
