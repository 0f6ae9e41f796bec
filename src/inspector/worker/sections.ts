import { mapSections, type SectionMap } from '../../inspection/section-map.ts';
import type { PluginInput } from './plugin-input.ts';

/** Says where the bytes of a file are. */
export function sections({ bytes }: PluginInput): SectionMap {
  return mapSections(bytes);
}
