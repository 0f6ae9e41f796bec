import type { LayerVectors } from '../layer-vectors.ts';
import { blocks } from './blocks.ts';
import { building } from './building.ts';
import { httpAndLogs } from './http-and-logs.ts';
import { inputOutput } from './input-output.ts';
import { lifecycle } from './lifecycle.ts';
import { values } from './values.ts';

/** The functions of the kernel, building a plugin, and its calls. */
export const kernel: LayerVectors = {
  layer: 'kernel',
  about: 'What the functions of the kernel do, how a plugin is built, and how its calls run and end.',
  vectors: [...blocks, ...inputOutput, ...values, ...httpAndLogs, ...building, ...lifecycle],
};
