import type { VectorsReport } from '../../src/conformance/index.ts';
import type { Host } from './host.ts';

/**
 * Lists the layers of which a host passed fewer vectors than it must.
 *
 * @returns a line for each; also for a layer without vectors.
 */
export function shortfalls(
  report: Pick<VectorsReport, 'layers'>,
  { layers, share }: Pick<Host, 'layers' | 'share'>,
): string[] {
  return layers.flatMap((layer) => {
    const { passed = 0, failed = 0, unsupported = 0 } = report.layers.find((each) => each.layer === layer) ?? {};
    const all = passed + failed + unsupported;
    const least = Math.max(1, Math.ceil(all * share));
    return passed >= least ? [] : `${layer}: ${passed} of ${all} vectors passed, expected at least ${least}`;
  });
}
