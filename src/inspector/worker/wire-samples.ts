import { exercisesFor } from '../../conformance/exercises.ts';
import { resolveOptions, verifyOptionRules } from '../../conformance/options.ts';
import { PluginUnderTest } from '../../conformance/test-host.ts';
import type { Plugin } from '../../plugin/index.ts';
import { type AugmentedMetadata, allWireFunctions, encodeJson } from '../../protocol/messages/index.ts';
import type { AnyWireFunction } from '../../protocol/messages/wire-versions.ts';
import { FULL_SAMPLE } from './full-sample.ts';
import { decodeWireRequest } from './wire-request.ts';

const LARGE_BYTES = 65_536;

/**
 * The requests to begin with: the dry-run sample of admission, and those of the conformance checks.
 *
 * @param metadata of the plugin; only the dry-run sample is for one that is not admitted.
 * @param build makes an instance: requests of a signer hold the state that it returns.
 */
export function wireSamplesFor(
  fn: AnyWireFunction,
  metadata: AugmentedMetadata | undefined,
  build: () => Plugin,
): ReadonlyMap<string, () => string> {
  const samples = new Map([
    ['sample of admission', () => encodeJson(fn.schemas.request, fn.dryRunRequest(), 'declared')],
  ]);
  const name = allWireFunctions.find((each) => each === fn.name);
  if (metadata === undefined || name === undefined) return samples;
  const exercises = exercisesFor(resolveOptions({}, verifyOptionRules))[name];
  const { full } = exercises;
  const text = (exercise: typeof full) => (): string => {
    const plugin = build();
    try {
      return inDeclaredOrder(fn, exercise.text(new PluginUnderTest(plugin, metadata)));
    } finally {
      plugin.dispose();
    }
  };
  return samples
    .set(FULL_SAMPLE, text(full))
    .set('64 KiB of content', (): string => text(exercises.large(LARGE_BYTES))());
}

/** The exercises are of the newest version of the wire, and written as on the wire: keys sorted. */
function inDeclaredOrder(fn: AnyWireFunction, envelope: string): string {
  return encodeJson(fn.schemas.request, decodeWireRequest(fn, envelope), 'declared');
}
