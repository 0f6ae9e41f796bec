import { hookCall } from './hook-call.ts';
import { kernelCall } from './kernel-call.ts';
import { kernelMemory } from './kernel-memory.ts';
import { layers } from './layers.ts';
import { pluginStates } from './plugin-states.ts';
import type { Picture } from './svg.ts';

/** The pictures in `abi/pictures/`. */
export const pictures: readonly Picture[] = [layers, kernelCall, kernelMemory, pluginStates, hookCall];
