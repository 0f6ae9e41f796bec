import type { End } from '../end.ts';
import type { HostAnswer } from '../run.ts';
import type { Layer, Vector } from '../vector.ts';
import { hostFunctionEnds, kernelEnds } from './calls.ts';
import { dispatchEnds } from './dispatch.ts';
import { handshakeEnds } from './handshake.ts';
import { archiveEnds, hookDispatchEnds, inspectionEnds } from './hooks.ts';
import { identityEnds } from './identity.ts';
import { jsonEnds } from './json.ts';
import { offerEnds } from './offers.ts';
import { recordEnds } from './record.ts';
import { requestsEnds } from './requests.ts';
import { selfCheckEnds } from './self-check.ts';

/** Runs the vectors of one layer on this package. */
type LayerHost<L extends Layer> = (vector: Vector<L>) => readonly End[] | Promise<readonly End[]>;

const layerHosts: { readonly [L in Layer]: LayerHost<L> } = {
  json: jsonEnds,
  identity: identityEnds,
  handshake: handshakeEnds,
  'self-check': selfCheckEnds,
  record: recordEnds,
  offers: offerEnds,
  requests: requestsEnds,
  dispatch: dispatchEnds,
  kernel: kernelEnds,
  'host-functions': hostFunctionEnds,
  fuel: kernelEnds,
  'hooks-archives': archiveEnds,
  'hooks-inspection': inspectionEnds,
  'hooks-dispatch': hookDispatchEnds,
};

/** This package, as a host that vectors are run on. */
export async function ownHost(vector: Vector): Promise<HostAnswer> {
  const lacking = lackingFeature(vector);
  if (lacking !== undefined) return { unsupported: `this engine lacks ${lacking}` };
  // The table has the host of this layer, which the compiler cannot follow.
  const layerHost = layerHosts[vector.layer] as LayerHost<Layer>;
  return { ends: await layerHost(vector) };
}

/** A feature of WebAssembly that a vector needs and this engine lacks. */
function lackingFeature(vector: Vector): string | undefined {
  const features = (vector.flags ?? []).filter((flag) => flag.startsWith('feature:'));
  if (features.length === 0 || !('wasm' in vector)) return undefined;
  return WebAssembly.validate(new Uint8Array(vector.wasm)) ? undefined : features.join(', ');
}
