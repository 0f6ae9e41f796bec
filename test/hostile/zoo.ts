import { answers } from './answers.ts';
import { growth } from './growth.ts';
import { hostEdges } from './host-edges.ts';
import type { HostileCase, ShownElsewhere } from './hostile-case.ts';
import { kernelAbuse } from './kernel-abuse.ts';
import { loops } from './loops.ts';
import { sections } from './sections.ts';

/** Every hostile plugin, by theme. */
export const zoo: Readonly<Record<string, readonly HostileCase[]>> = {
  'Endless loops': loops,
  'Growth and huge declarations': growth,
  'Kernel functions': kernelAbuse,
  'Answers and exports': answers,
  'Custom sections': sections,
  'Host functions': hostEdges,
};

/**
 * Hostile behaviour that needs features of some engines, or is tested beside the code that refuses
 * it.
 */
export const shownElsewhere: readonly ShownElsewhere[] = [
  {
    name: 'catch_all',
    does: 'tries to catch each failure that the host can raise, with each kind of exception handling',
    ends: 'the failure that the host raised',
    file: 'test/plugin/call-outcome.test.ts',
    test: 'nothing that the host raises can be caught, with',
  },
  {
    name: 'catch_all in metering',
    does: 'tries to catch the end of a run: by fuel, deadline, memory, stack',
    ends: 'the failure of the budget',
    file: 'test/metering/uncatchable.test.ts',
    test: 'what ends a run cannot be caught',
  },
  {
    name: 'tail calls',
    does: 'calls itself endlessly without growing its stack',
    ends: 'call: OutOfFuel',
    file: 'test/metering/fuel.test.ts',
    test: 'out of fuel in endless tail calls',
  },
  {
    name: 'waits',
    does: 'waits for a notification that never comes',
    ends: 'build: FeatureRefused',
    file: 'test/metering/deadline.test.ts',
    test: 'memory.atomic.wait32 may be refused',
  },
  {
    name: 'the edge of the stack',
    does: 'calls host and kernel functions with almost no stack left',
    ends: 'call: StackOverflow',
    file: 'test/plugin/call-outcome.test.ts',
    test: 'at the edge of the stack: the call fails, and the plugin remains usable',
  },
  {
    name: 'every depth of the stack',
    does: 'calls each kernel function at every depth near the end of the stack',
    ends: 'call: StackOverflow',
    file: 'test/plugin/stack.test.ts',
    test: 'the budget ends at the same depth each time',
  },
  {
    name: 'objects of garbage collection',
    does: 'allocates objects that no memory budget counts',
    ends: 'build: FeatureRefused',
    file: 'test/plugin/metering.test.ts',
    test: 'objects of garbage collection are refused, unless they are allowed',
  },
  {
    name: 'a forged metering section',
    does: 'claims that it is already metered',
    ends: 'build: AlreadyPrepared',
    file: 'test/plugin/metering.test.ts',
    test: 'a forged metering section is refused',
  },
  {
    name: 'an error of megabytes',
    does: 'sets an error text as long as its memory, of characters that JSON escapes',
    ends: 'handshake: Call',
    file: 'test/long-texts.test.ts',
    test: 'an error of megabytes in the handshake makes a report of a few kilobytes',
  },
  {
    name: 'imports of a thousand parameters',
    does: 'imports thousands of host functions of a type with many parameters',
    ends: 'build: UnknownImports',
    file: 'test/plugin/link.test.ts',
    test: 'the kernel is not linked if adapters for imports would take gigabytes',
  },
  {
    name: 'opaque JSON',
    does: 'answers many arrays and objects that are nested 125 deep',
    ends: 'a response, in time proportional to its bytes',
    file: 'test/json/text/linear.test.ts',
    test: 'a response around opaque JSON, and the request that returns it',
  },
];
