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
    const counts = report.layers.find((each) => each.layer === layer);
    const all = counts === undefined ? 0 : counts.passed + counts.failed + counts.unsupported;
    const passed = counts?.passed ?? 0;
    if (all > 0 && passed >= all * share) return [];
    return `${layer}: ${passed} of ${all} vectors passed, expected at least ${Math.ceil(all * share)} and more than none`;
  });
}
