import type { AdmitHooksOptions } from '../../../src/hooks/admit.ts';
import type { HookPhase } from '../../../src/hooks/call-error.ts';
import { admissionEnd, type calls, type HostileEnd, type HostileHook, misbehave } from './hostile-hook.ts';

const end = (kind: string, phase: HookPhase | '' = '', upstream = ''): HostileEnd => ({ kind, phase, upstream });

/** Modules that admission refuses. Their probe fails. */
const refused: readonly (readonly [name: string, does: string, ends: HostileEnd])[] = [
  ['loop-in-start', 'never returns from its start function', end('InstantiateFailed: OutOfFuel', 'instantiate')],
  ['loop-in-alloc', 'never returns from its allocator', end('GuestTrap: OutOfFuel', 'cc_lb_alloc')],
  ['loop-in-hook', 'never returns from its hook', end('GuestTrap: OutOfFuel', 'cc_lb_filter')],
  [
    'start-traps',
    'fills and grows its memory in its start function, and then traps',
    end('InstantiateFailed: Trap', 'instantiate', 'ProbeFailed'),
  ],
  ['alloc-zero', 'has no memory for the request', end('NoAllocation', 'cc_lb_alloc', 'ProbeFailed')],
  ['alloc-outside', 'allocates at the last address', end('AllocationOutside', 'memory.write', 'ProbeFailed')],
  [
    'alloc-past-the-end',
    'allocates a block that ends one byte after the memory',
    end('AllocationOutside', 'memory.write', 'ProbeFailed'),
  ],
  ['alloc-traps', 'traps in its allocator', end('GuestTrap: Trap', 'cc_lb_alloc', 'ProbeFailed')],
  [
    'declared-memory',
    'declares a memory of 4 GiB',
    end('InstantiateFailed: OutOfMemory', 'instantiate', 'ProbeFailed'),
  ],
  [
    'declared-table',
    'declares a table of 10 million entries',
    end('InstantiateFailed: OutOfMemory', 'instantiate', 'ProbeFailed'),
  ],
];

const trap = (stop: string): HostileEnd => end(`GuestTrap: ${stop}`, 'cc_lb_filter', 'GuestTrap');
const rejected = (kind: string): HostileEnd => end(kind, 'reject', 'ModuleRejected');
const malformed = (what: string): HostileEnd => end(`MalformedResponse: ${what}`, 'response');
const EMPTY = end('answers {"results":[]}');
const ABC = end('answers {"results":[{"upstream_id":"a","decision":"b","reason":"c"}]}');

/** Few, slow instructions, so the time ends them long before the fuel would. */
const byTime: AdmitHooksOptions = { call: { fuel: Number.POSITIVE_INFINITY, wallMs: 100 } };

type Behaviour = readonly [name: string, does: string, ends: HostileEnd, options?: AdmitHooksOptions];

/** The functions in the table of `calls.wat`, in their order. */
const inCalls: readonly Behaviour[] = [
  ['loop', 'loops without an exit', trap('OutOfFuel')],
  ['nested', 'loops endlessly around a loop that ends', trap('OutOfFuel')],
  ['branch_table', 'branches back to a loop through a table', trap('OutOfFuel')],
  ['recursion', 'calls itself', trap('StackOverflow')],
  ['indirect', 'calls itself through a table', trap('StackOverflow')],
  ['trap', 'executes unreachable', trap('Trap')],
  ['memory', 'grows its memory page by page, until it gets no more', EMPTY],
  ['memory_at_once', 'grows its memory by 4 GiB, and gets nothing', EMPTY],
  ['table', 'grows its table endlessly', trap('OutOfMemory')],
  ['table_at_once', 'grows its table by 4,294,967,295 entries', trap('OutOfMemory')],
  ['fill', 'fills its memory again and again', trap('Timeout'), byTime],
  ['fill_table', 'fills a table again and again', trap('Timeout'), byTime],
  ['dirty_trap', 'fills and grows its memory, and traps', trap('Trap')],
];

/** The functions in the table of `answers.wat`, in their order. */
const inAnswers: readonly Behaviour[] = [
  ['address_zero', 'answers at address 0', rejected('EmptyAnswer')],
  ['size_zero', 'answers with no bytes', rejected('EmptyAnswer')],
  ['size_of_4_gib', 'answers with 4 GiB', rejected('AnswerOutside')],
  ['last_address', 'answers with 4 GiB at the last address', rejected('AnswerOutside')],
  ['one_byte_beyond', 'answers with one byte after the memory', rejected('AnswerOutside')],
  ['all_of_memory', 'answers with all of its memory, which ends as an empty response does', EMPTY],
  ['odd_address', 'answers at an odd address', ABC],
  ['own_request', 'answers with its request, which ends as an empty response does', EMPTY],
  ['sound', 'answers rightly', ABC],
  ['cut', 'answers without the last byte', malformed('Misaligned at $')],
  ['cut_by_4', 'answers without the last four bytes', malformed('OutsideArchive at $.results')],
  ['cut_root', 'answers with seven bytes', malformed('TooShort at $')],
  ['shared_text', 'has two texts in the same bytes', malformed('OutOfOrder at $.results[0].decision')],
  ['overlapping_texts', 'has two texts that overlap', malformed('OutOfOrder at $.results[0].decision')],
  ['texts_out_of_order', 'has the second text before the first', malformed('OutOfOrder at $.results[0].decision')],
  ['text_in_list', 'has a text that is its own pointer', malformed('OutOfOrder at $.results[0].upstream_id')],
  ['list_of_root', 'has a list that contains the root', malformed('OutOfOrder at $.results')],
  ['root_itself', 'has a list that is the root', malformed('OutsideArchive at $.results')],
  ['list_misaligned', 'has a list at byte 2', malformed('Misaligned at $.results')],
  ['root_misaligned', 'has its root at byte 2', malformed('Misaligned at $')],
  ['offset_before', 'has a list before the archive', malformed('OutsideArchive at $.results')],
  ['offset_least', 'has the least offset', malformed('OutsideArchive at $.results')],
  ['offset_greatest', 'has the greatest offset', malformed('OutsideArchive at $.results')],
  ['count_of_all', 'has 4,294,967,295 results', malformed('OutsideArchive at $.results')],
  ['count_wraps', 'has results of 2^32 + 8 bytes', malformed('OutsideArchive at $.results')],
  ['text_of_4_gib', 'has a text of 4 GiB', malformed('OutsideArchive at $.results[0].upstream_id')],
  ['not_utf8', 'has a text that ends within a character', malformed('InvalidUtf8 at $.results[0].upstream_id')],
  ['surrogate', 'has a text that is a surrogate', malformed('InvalidUtf8 at $.results[0].upstream_id')],
  ['overlong', 'has a text with a zero of two bytes', malformed('InvalidUtf8 at $.results[0].upstream_id')],
];

/** The functions in the table of `tags.wat`, in their order. */
const inTags: readonly Behaviour[] = [
  ['tag_2', 'has an unknown variant', malformed('UnknownTag at $')],
  ['tag_255', 'has the greatest tag', malformed('UnknownTag at $')],
  ['status_tag_2', 'has a status that is neither none nor some', malformed('UnknownTag at $.status')],
  ['headers_tag_255', 'has headers that are neither none nor some', malformed('UnknownTag at $.headers')],
  ['headers_of_themselves', 'has headers that are the result', malformed('OutOfOrder at $.headers')],
  ['garbage', 'has garbage behind its tag', end('answers {"kind":"Unchanged"}')],
  ['sse_tag_3', 'has an unknown variant', malformed('UnknownTag at $')],
  ['events_of_4_gib', 'has 4,294,967,295 events', malformed('OutsideArchive at $.events')],
  ['drop_garbage', 'has garbage behind its tag', end('answers {"kind":"Drop"}')],
];

/** The cases of a module that looks at the first letter of a request: `A` for the first of them. */
function behaviours(
  module: string,
  table: readonly Behaviour[],
  hookOf: (index: number) => keyof typeof calls,
): readonly HostileHook[] {
  return table.map(([name, does, ends, options], index) => ({
    name: `${module}, ${name}`,
    does,
    ends,
    run: async () => misbehave(module, hookOf(index), String.fromCharCode(65 + index), options),
  }));
}

/** What `state.wat` answers if it finds nothing: a digit for each place. */
const FOUND_NOTHING = end('answers {"results":[{"upstream_id":"00000000000","decision":"","reason":""}]}');

/** All hostile modules, in the order of the table in `fixtures/hooks/hostile/README.md`. */
export const hostileHooks: readonly HostileHook[] = [
  ...refused.map(([name, does, ends]) => ({ name, does, ends, run: async () => admissionEnd(name) })),
  {
    name: 'alloc-same-place',
    does: 'writes its answer over its request',
    ends: end('answers {"results":[{"upstream_id":"x","decision":"x","reason":"x"}]}'),
    run: async () => misbehave('alloc-same-place', 'filter', 'x'),
  },
  ...behaviours('calls', inCalls, () => 'filter'),
  ...behaviours('answers', inAnswers, () => 'filter'),
  ...behaviours('tags', inTags, (index) => (index < 6 ? 'transform_response' : 'transform_sse_event')),
  {
    name: 'state',
    does: 'keeps its request in globals, memory and tables, drops its segments, and looks for an earlier request',
    ends: FOUND_NOTHING,
    run: async () => misbehave('state', 'filter', 'secret'),
  },
  {
    name: 'echo',
    does: 'answers with the bytes of its request',
    ends: malformed('Misaligned at $'),
    run: async () => misbehave('echo', 'filter', 'x'),
  },
];

/** That table as Markdown. */
export function hostileTable(): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const code = (text: string): string => (text === '' ? '' : `\`${text}\``);
  const rows = hostileHooks.map(({ name, does, ends: { kind, phase, upstream } }) =>
    row([name, does, code(kind), code(phase), code(upstream)]),
  );
  return [row(['module', 'behaviour', 'expected end', 'phase', 'cc-lb']), '|---|---|---|---|---|', ...rows, ''].join(
    '\n',
  );
}
