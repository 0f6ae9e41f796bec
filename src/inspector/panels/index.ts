import type { OpenPlugin } from '../plugin.ts';
import { Layers } from './layers.tsx';
import type { Panel } from './panel.ts';

/** The panels in the order of the page. The first that is for the open file is shown at first. */
export const panels: readonly Panel[] = [{ id: 'layers', title: 'Layers', component: Layers, generations: [1, 2] }];

/** The panels that are for a plugin. */
export function panelsFor(plugin: OpenPlugin): readonly Panel[] {
  return panels.filter(({ generations, isFor = isValid }) => generations.includes(plugin.generation) && isFor(plugin));
}

function isValid({ report }: OpenPlugin): boolean {
  return report.valid;
}
