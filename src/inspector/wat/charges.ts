/*
 * What the instructions do that metering inserts: RATIONALE.md, "Where do charges go, and why is
 * that exact?". Each insertion is known from the rewriter; here it is only told what it is for.
 */

/** Something that metering does at a place in a function. */
export interface Charge {
  readonly kind: ChargeKind;
  /** How much, in the unit of the kind; `undefined` if it is not fixed. */
  readonly amount?: number;
}

/** A kind of charge, and how it is recognised. */
interface ChargeRule {
  /** What it does, before and after the amount. */
  readonly text: readonly [before: string, after?: string];
  /** For the legend: why it is there. */
  readonly why: string;
  /**
   * Matches the instructions of an insertion, one after the other with `|` between them and names
   * for what metering added. Its first group is the amount.
   */
  readonly pattern: RegExp;
}

/** The kinds, in the order of the legend. */
export const CHARGES = {
  fuel: {
    text: ['charges', 'fuel'],
    why: 'At the start of code that always runs as a whole: all its instructions are charged at once.',
    pattern: /i32\.const (\d+)\|i32\.sub\|(?:local\.tee \d+\|)?global\.set counter/,
  },
  check: {
    text: ['looks at the fuel, and ends the call if it is used up'],
    why: 'At the entry of functions, in loops, and before host functions. A slice that is used up is refilled here.',
    pattern: /i32\.lt_s\|if\|call refill/,
  },
  loopHead: {
    text: ['leaves the loop for a refill if the slice is used up'],
    why: 'At the head of a loop: a call inside the loop would cost registers.',
    pattern: /i32\.lt_s\|br_if 1(?:\||$)/,
  },
  around: {
    text: ['puts blocks around the loop, for its refill'],
    why: 'Branches out of such a loop cross three more labels.',
    pattern: /^loop[^|]*\|block[^|]*\|block$/,
  },
  refill: {
    text: ['refills the slice, and enters the loop again'],
    why: 'After a loop whose head found the slice used up.',
    pattern: /^br 1\|end\|call refill\|/,
  },
  reload: {
    text: ['reads the counter again'],
    why: 'A callee may have charged it.',
    pattern: /^global\.get counter\|local\.set \d+/,
  },
  frame: {
    text: ['takes a frame of', 'slots off the stack'],
    why: 'Before calls: so recursion ends before the engine’s own stack overflows.',
    pattern: /global\.get stack\|i32\.const (\d+)\|i32\.sub\|/,
  },
  depth: {
    text: ['sets the stack to this function’s depth'],
    why: 'Before a call, if a callee may have left another depth.',
    pattern: /^local\.get \d+\|global\.set stack$/,
  },
  pop: {
    text: ['gives', 'slots of the stack back'],
    why: 'Wherever an exported function may end, and before a tail call.',
    pattern: /^(?:end\|)?local\.get \d+\|i32\.const (\d+)\|i32\.add\|global\.set stack$/,
  },
  overflow: {
    text: ['ends the call if fewer than', 'slots of the stack are left'],
    why: 'At the entry of a function with a large frame.',
    pattern: /global\.get stack\|i32\.const (\d+)\|i32\.lt_s\|if\|call overflow/,
  },
  time: {
    text: ['charges time worth', 'instructions'],
    why: 'For what takes longer than its number of instructions says: a large frame, or many catch clauses.',
    pattern: /i32\.const (\d+)\|call spend(?:\||$)/,
  },
  length: {
    text: ['charges time by the length'],
    why: 'Before memory or a table is initialised from a segment.',
    pattern: /\|call spend_(?:bytes|entries)$/,
  },
  heap: {
    text: ['takes', 'bytes off the heap budget'],
    why: 'For a garbage-collected object, or an exception that can be kept.',
    pattern: /^i64\.const (\d+)\|call charge_heap/,
  },
  array: {
    text: ['charges heap and time by the length of the array'],
    why: 'The length of an array is known only when the program runs.',
    pattern: /i64\.mul\|call charge_heap/,
  },
  elements: {
    text: ['charges time by the number of elements'],
    why: 'For an instruction that writes the elements of an array one by one.',
    pattern: /i32\.div_u\|call spend$/,
  },
  exception: {
    text: ['charges the time of an exception'],
    why: 'It grows with the depth of the stack.',
    pattern: /call spend_throw$/,
  },
  wait: {
    text: ['shortens the wait to the deadline'],
    why: 'An atomic wait blocks the thread.',
    pattern: /^call clamp_wait$/,
  },
  firstEntry: {
    text: ['reads the clock when the function is entered for the first time'],
    why: 'An engine may have compiled the function just then, which takes time.',
    pattern: /call first_entry/,
  },
  around_function: {
    text: ['puts a block around the function'],
    why: 'So that the stack is given back if an exception leaves the function.',
    pattern: /^(?:block(?: [^|]*)?|end)(?:$|\|local\.get)/,
  },
  padding: {
    text: ['adds code that is never executed'],
    why: 'An optimiser would need much memory for this function; this makes it too long to be optimised.',
    pattern: /^block\|br 0\|/,
  },
  growth: {
    text: ['calls a function that charges, then does the same'],
    why: 'Growth, copies and fills: their cost is known only when they run.',
    // It replaces an instruction, so no insertion is one.
    pattern: /^$/,
  },
  locals: {
    text: ['adds', 'locals for the counter and the depth'],
    why: 'After the function’s own locals, whose indices do not change.',
    // They stand in the head, not in the code.
    pattern: /^$/,
  },
} as const satisfies Readonly<Record<string, ChargeRule>>;

/** The kind of a charge. */
export type ChargeKind = keyof typeof CHARGES;

// The keys of an object literal are those of its type.
const kinds = Object.keys(CHARGES) as ChargeKind[];

/**
 * Tells what an insertion does.
 *
 * @param instructions of it, as text without comments, with names for what metering added.
 * @returns at least one charge for whatever metering inserts, in the order in which they come.
 */
export function chargesOf(instructions: readonly string[]): Charge[] {
  const text = instructions.join('|');
  const matches = kinds.flatMap((kind) => {
    const match = CHARGES[kind].pattern.exec(text);
    return match === null ? [] : [{ kind, at: match.index, amount: match[1] }];
  });
  matches.sort((a, b) => a.at - b.at);
  return matches.map(({ kind, amount }) => (amount === undefined ? { kind } : { kind, amount: Number(amount) }));
}

/** What a charge does, as a phrase: `charges 12 fuel`. */
export function chargeText({ kind, amount }: Charge): string {
  const [before, after]: readonly [string, string?] = CHARGES[kind].text;
  return after === undefined ? before : `${before} ${amount} ${after}`;
}
