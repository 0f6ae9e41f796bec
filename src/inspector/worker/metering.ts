import { prepareHooks } from '../../hooks/index.ts';
import { type MeteringReport, reportMetering } from '../../inspection/metering-report.ts';
import { kernelFor, ownTarget } from '../../inspection/preparation-target.ts';
import { preparePlugin } from '../../plugin/index.ts';
import { type PluginInput, treatedAs } from './plugin-input.ts';

/** Says what metering adds to a plugin. */
export function meter({ bytes }: PluginInput): MeteringReport {
  return reportMetering(bytes, treatedAs(bytes), {});
}

/** Prepares a plugin for the engine that runs the page, as `prepare` of the command line does. */
export function prepare({ bytes }: PluginInput): Uint8Array<ArrayBuffer> {
  return treatedAs(bytes) === 1 ? preparePlugin(bytes, { kernel: kernelFor(ownTarget()) }) : prepareHooks(bytes);
}
