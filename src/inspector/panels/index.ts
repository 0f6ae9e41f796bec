import type { OpenPlugin } from '../plugin.ts';
import { Call } from './call.tsx';
import { Conformance } from './conformance.tsx';
import { Contents } from './contents.tsx';
import { FunctionCode } from './function.tsx';
import { Layers } from './layers.tsx';
import { Metering } from './metering.tsx';
import type { Panel } from './panel.ts';
import { Sections } from './sections.tsx';

/** The panels in the order of the page. The first that is for the open file is shown at first. */
export const panels: readonly Panel[] = [
  { id: 'layers', title: 'Layers', component: Layers, generations: [1, 2] },
  { id: 'contents', title: 'Contents', component: Contents, generations: [1, 2], isFor: isReadable },
  { id: 'sections', title: 'Sections', component: Sections, generations: [1, 2], isFor: isReadable },
  { id: 'call', title: 'Call', component: Call, generations: [1, 2] },
  { id: 'conformance', title: 'Conformance', component: Conformance, generations: [1, 2] },
  { id: 'metering', title: 'Metering', component: Metering, generations: [1, 2], isFor: isOriginal },
  { id: 'function', title: 'Code', component: FunctionCode, generations: [1, 2], isFor: isReadable },
];

/** The panels that are for a plugin. */
export function panelsFor(plugin: OpenPlugin): readonly Panel[] {
  return panels.filter(({ generations, isFor = isValid }) => generations.includes(plugin.generation) && isFor(plugin));
}

function isValid({ report }: OpenPlugin): boolean {
  return report.valid;
}

/** Whether the sections can be read: also those of a module that the engine refuses. */
function isReadable({ report }: OpenPlugin): boolean {
  return report.contents !== undefined;
}

function isOriginal({ report }: OpenPlugin): boolean {
  return report.valid && !report.prepared;
}
