import { drawSequence } from './sequence.ts';
import type { Picture } from './svg.ts';

/** The steps of "A call, step by step" in abi/KERNEL.md. */
export const kernelCall: Picture = {
  file: 'kernel-call.svg',
  title: 'The course of one call, between host, kernel and plugin',
  draw: () =>
    drawSequence({
      title: kernelCall.title,
      width: 880,
      parties: [
        { name: 'host', x: 190 },
        { name: 'kernel', x: 430 },
        { name: 'plugin', x: 670 },
      ],
      besideX: 694,
      steps: [
        {
          part: '1, 2 instance',
          from: 'host',
          to: 'plugin',
          call: 'start function, then initialisation',
          answer: 'they return',
          beside: ['only before the first call,', 'with fuel of its own'],
        },
        { part: '3 reset', from: 'host', to: 'kernel', call: 'reset', beside: ['frees and zeroes all blocks'] },
        {
          part: '4 input',
          from: 'host',
          to: 'kernel',
          call: 'alloc, bytes, input_set',
          beside: ['the input in a block'],
        },
        { part: '5 lookup', at: 'host', note: 'finds the export: it takes no arguments' },
        { part: '6 run', from: 'host', to: 'plugin', call: 'the export', beside: ['fuel and deadline', 'of the call'] },
        { part: '6 run', from: 'plugin', to: 'kernel', call: 'input_length, input_load_u64 …', answer: 'the input' },
        { part: '6 run', from: 'plugin', to: 'kernel', call: 'alloc, store_u64 …', answer: 'a handle' },
        { part: '6 run', from: 'plugin', to: 'kernel', call: 'output_set', beside: ['or error_set'] },
        {
          part: '7 result code',
          from: 'plugin',
          to: 'host',
          call: '0, or another number',
          beside: ['or a trap: the call ends'],
        },
        {
          part: '8 outcome',
          from: 'host',
          to: 'kernel',
          call: 'error_get, output_offset …',
          answer: 'error, or output',
        },
        { part: '8 outcome', at: 'host', note: 'the output, or the first failure that applies' },
      ],
    }),
};
