import { type ModuleReport, reportModule } from '../../inspection/module-report.ts';
import { type PluginInput, treatedAs } from './plugin-input.ts';

/** Says what the bytes of a file are, without running anything of them. */
export function describe({ file, bytes }: PluginInput): ModuleReport {
  return reportModule(file, bytes, treatedAs(bytes));
}
