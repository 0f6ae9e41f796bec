import type { CodeReader } from '../grammar/code-reader.ts';
import type { Section } from '../grammar/sections.ts';
import type { OperandHeight, PlainTable } from '../instructions/plain-run.ts';
import type { EditList } from './edits.ts';

/** The index spaces of a module (specification 2.5.1, "Indices"), but for labels and locals, which are each function's own. */
export type IndexSpace = 'type' | 'function' | 'table' | 'memory' | 'global' | 'tag' | 'element' | 'data';

/** Where an index goes. A space grows when indices move up, and shrinks when some are gone: those map to `undefined`. */
export type IndexMap = (index: number) => number | undefined;

/**
 * A map for each space whose indices change; the others stay as they are. Maps must be increasing, so that the name section stays sorted,
 * unless the plan has others for it. Of tables and memories index 0 must stay: segments name it by saying nothing.
 */
export type IndexMaps = { readonly [S in IndexSpace]?: IndexMap };

/** What a plan does with functions. */
export interface FunctionPlans {
  /** The instructions that a plan does not need to see one by one. */
  readonly plain: PlainTable;
  /** A function begins, by its index in the original module. What is given is asked until the next one begins. */
  begin(functionIndex: number, locals: FunctionLocals, edits: EditList): FunctionPlan;
}

/** What a plan does with one function. */
export interface FunctionPlan {
  /** Followed through plain instructions; the plan itself follows it through all others. */
  readonly operands: OperandHeight;
  /** Called for plain instructions, so many of them from a place on. */
  plain(start: number, count: number): void;
  /**
   * Called for each other instruction of the body, the final `end` included, before its indices are mapped: for edits up to its end.
   *
   * @returns whether an edit took the place of all of it, so that its indices are not mapped.
   */
  before(code: CodeReader, edits: EditList): boolean;
  /** Called for the same instruction afterwards: for edits that come right after it. */
  after(code: CodeReader, edits: EditList): void;
  /** Called once after them all: now the edits made so far are written. */
  finish(): void;
  /** Locals to append: encoded groups, each a count and a value type. Asked for after {@link finish}. */
  readonly locals: readonly (readonly number[])[];
}

/** What is written after a module's own contents of a section: encoded elements of its vector. */
export interface Additions {
  readonly types?: readonly (readonly number[])[];
  /** Imports must be of the kinds that the index maps make room for. */
  readonly imports?: readonly (readonly number[])[];
  /** The type indices of added functions, and their bodies: encoded, with their sizes. */
  readonly functions?: readonly (readonly number[])[];
  readonly bodies?: readonly (readonly number[])[];
  readonly memories?: readonly (readonly number[])[];
  readonly globals?: readonly (readonly number[])[];
  readonly exports?: readonly (readonly number[])[];
  /** Whole custom sections, written last. */
  readonly customs?: readonly Uint8Array[];
}

/** A way to rewrite a module. */
export interface RewritePlan {
  readonly indices: IndexMaps;
  /** Where names go in the name section, if not by {@link indices}: those maps need not be increasing, these must be. */
  readonly names?: IndexMaps;
  /** Whether an import is left out, by its place among all imports. The index maps must say so too. */
  readonly dropImport?: (place: number) => boolean;
  /** Whether a section is left out. Sections that hold offsets into the code are left out in any case. */
  readonly drop?: (section: Section) => boolean;
  /** What is done with functions. Without it bodies only have their indices mapped. */
  readonly functions?: FunctionPlans;
  /** Asked for after all functions have been gone through. */
  readonly additions: () => Additions;
}

/** The locals that a function declares itself, its parameters not among them. */
export interface FunctionLocals {
  readonly count: number;
  /** How many groups they are declared in: each is a count and a type. */
  readonly groups: number;
  /** How many of them are references. */
  readonly references: number;
  /** Bytes that they take in a frame when each takes a multiple of 8. */
  readonly frameBytes: number;
  /** Bytes of the body, its locals included. */
  readonly bodyBytes: number;
  /** Where its first instruction begins, in bytes from the start of the module. */
  readonly codeOffset: number;
}
