import {
  HANDSHAKE_FUEL,
  HANDSHAKE_WALL_MS,
  SELF_CHECK_FUEL,
  SELF_CHECK_WALL_MS,
} from '../../../src/protocol/limits.ts';
import { drawSequence, HOST_AND_PLUGIN } from './sequence.ts';
import type { Picture } from './svg.ts';

const budget = (ms: number, fuel: number): string => `${ms} ms, ${fuel / 1e6} million fuel`;

/** The layers of abi/PROTOCOL.md. */
export const layers: Picture = {
  file: 'layers.svg',
  title: 'The five layers of the protocol, between host and plugin',
  draw: () =>
    drawSequence({
      title: layers.title,
      ...HOST_AND_PLUGIN,
      steps: [
        {
          part: '1 identity',
          at: 'host',
          note: 'reads the section cc_lb.plugin.v1',
          more: 'name, versions, ABI',
          beside: ['nothing runs'],
        },
        {
          part: '2 handshake',
          from: 'host',
          to: 'plugin',
          call: 'cc_lb_handshake · offer: functions, versions, capabilities',
          answer: 'accept: what is implemented and required',
          beside: ['an instance of its own', budget(HANDSHAKE_WALL_MS, HANDSHAKE_FUEL)],
        },
        {
          part: '2 handshake',
          at: 'host',
          note: 'checks the accept against the offer',
          more: 'versions, hash, kind, slots',
        },
        {
          part: '3 self-check',
          from: 'host',
          to: 'plugin',
          call: 'cc_lb_self_check · the slots',
          answer: 'passed, or what failed',
          beside: ['an instance of its own', budget(SELF_CHECK_WALL_MS, SELF_CHECK_FUEL)],
        },
        {
          part: '4 record',
          at: 'host',
          note: 'stores identity, accept, self-check and time',
          more: 'until it expires, or the offer changes',
          beside: ['nothing runs'],
        },
        {
          part: '5 dispatch',
          from: 'host',
          to: 'plugin',
          call: 'a wire function, such as filter · request with _v',
          answer: 'response with _v',
          beside: ['one instance for all requests,', 'with host functions'],
        },
        {
          part: '5 dispatch',
          at: 'host',
          note: 'checks _v and decodes the response',
          more: 'if anything fails: the fallback policy',
        },
      ],
    }),
};
