import { leb, moduleOf, name, section } from '../support/bytes.ts';
import { identityPayload } from '../support/guest-wat.ts';
import { hostile, identityEnding } from './endings.ts';
import type { HostileCase } from './hostile-case.ts';

const utf8 = new TextEncoder();
const custom = (title: string, payload: string): number[] => section(0, ...name(title), ...utf8.encode(payload));
const identity = custom('cc_lb.plugin.v1', identityPayload());

const made: readonly (readonly [name: string, does: string, ends: string, bytes: Uint8Array])[] = [
  [
    'the identity twice',
    'has the same identity section twice',
    'identity: DuplicateCustomSection',
    moduleOf(identity, identity),
  ],
  [
    'a second identity at the end',
    'has an empty second identity section after all others',
    'identity: DuplicateCustomSection',
    moduleOf(identity, section(1, 0), custom('cc_lb.plugin.v1', '')),
  ],
  [
    'a name that is too long',
    'has a custom section whose name runs past its end',
    'identity: WasmParseError',
    moduleOf([0, 2, 5, 0x63]),
  ],
  [
    'a name that is not UTF-8',
    'has a custom section whose name is not UTF-8',
    'identity: WasmParseError',
    moduleOf([0, 3, 2, 0xc3, 0x28]),
  ],
  ['an empty custom section', 'has a custom section without a name', 'identity: WasmParseError', moduleOf([0, 0])],
  [
    'an identity of 65,537 bytes',
    'has an identity that is one byte too long',
    'identity: SectionTooLarge',
    moduleOfLong(65_537),
  ],
  [
    'an identity of 65,536 bytes',
    'has an identity of the maximum length that consists of spaces',
    'identity: MalformedPayload',
    moduleOfLong(65_536),
  ],
];

function moduleOfLong(length: number): Uint8Array {
  // Without `section`: it takes the contents as arguments, too many for the stack of a worker.
  const title = name('cc_lb.plugin.v1');
  const size = leb(title.length + length);
  return moduleOf([0, ...size, ...title].concat(new Array<number>(length).fill(0x20)));
}

/** Custom sections that are repeated or resemble the identity. */
export const sections: readonly HostileCase[] = [
  {
    name: 'look-alikes',
    does: 'has eleven sections whose names resemble that of the identity',
    ends: 'identity: MissingCustomSection',
    run: async () => identityEnding(await hostile('look-alikes')),
  },
  {
    name: 'look-alikes-beside',
    does: 'has its identity among such sections',
    ends: 'answers look-alikes-beside',
    run: async () => identityEnding(await hostile('look-alikes-beside')),
  },
  ...made.map(
    ([title, does, ends, bytes]): HostileCase => ({ name: title, does, ends, run: () => identityEnding(bytes) }),
  ),
];
