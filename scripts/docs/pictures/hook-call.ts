import { drawSequence, HOST_AND_PLUGIN } from './sequence.ts';
import type { Picture } from './svg.ts';

/** The steps of "A call, step by step" in abi/HOOKS.md. */
export const hookCall: Picture = {
  file: 'hook-call.svg',
  title: 'The call of a hook, between host and plugin',
  draw: () =>
    drawSequence({
      title: hookCall.title,
      ...HOST_AND_PLUGIN,
      steps: [
        { part: '1 request', at: 'host', note: 'writes the request as an archive' },
        {
          part: '2 instance',
          from: 'host',
          to: 'plugin',
          call: 'start function',
          beside: ['a new instance for each call'],
        },
        { part: '3 exports', at: 'host', note: 'finds cc_lb_alloc and the hook', more: 'and checks their types' },
        {
          part: '4 allocation',
          from: 'host',
          to: 'plugin',
          call: 'cc_lb_alloc · size of the archive, 16',
          answer: 'address',
          beside: ['0: it cannot'],
        },
        { part: '5 copy', from: 'host', to: 'plugin', call: 'the archive, into memory at the address' },
        {
          part: '6 hook',
          from: 'host',
          to: 'plugin',
          call: 'filter, shape … · address, size',
          answer: 'address << 32 | size of the answer',
        },
        { part: '7 answer', at: 'host', note: 'checks that the answer lies within memory' },
        { part: '8 response', at: 'host', note: 'reads the archive', more: 'and checks all that it reads' },
        { part: '9 end', at: 'host', note: 'drops the instance', beside: ['no state survives'] },
      ],
    }),
};
