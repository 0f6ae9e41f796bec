import type { Additions } from '../emit/module-builder.ts';
import type { CodeReader } from '../grammar/code-reader.ts';
import type { IndexSpace } from '../grammar/indices.ts';
import type { Section } from '../grammar/sections.ts';
import type { OperandHeight, PlainTable } from '../instructions/plain-run.ts';
import type { EditList } from './edits.ts';

/**
 * Maps an index of the original module to one of the rewritten module; `undefined` if it is gone.
 */
export type IndexMap = (index: number) => number | undefined;

/**
 * A map for each index space that changes. Maps must be increasing, so that the name section stays
 * sorted, unless {@link RewritePlan.names} has others. Index 0 of tables and memories must stay 0:
 * segments that name none mean it.
 */
export type IndexMaps = { readonly [S in IndexSpace]?: IndexMap };

/** How functions are rewritten. */
export interface FunctionPlans {
  /** The instructions that {@link FunctionPlan.before} and `after` need not see. */
  readonly plain: PlainTable;
  /**
   * Begins a function.
   *
   * @param functionIndex in the original module.
   * @param locals that the function declares.
   * @param edits of the function.
   * @returns the plan of the function. It is used until the next function begins.
   */
  begin(functionIndex: number, locals: FunctionLocals, edits: EditList): FunctionPlan;
}

/** How one function is rewritten. */
export interface FunctionPlan {
  /** The rewriter updates it for plain instructions, the plan for all others. */
  readonly operands: OperandHeight;
  /**
   * Called for each run of plain instructions.
   *
   * @param start the offset of the first one.
   * @param count how many there are.
   */
  plain(start: number, count: number): void;
  /**
   * Called for each other instruction, also for the final `end`, before its indices are mapped. It
   * may edit bytes up to the end of the instruction.
   *
   * @returns whether an edit replaces the whole instruction, so that its indices are not mapped.
   */
  before(code: CodeReader, edits: EditList): boolean;
  /** Called for the same instruction afterwards. It may insert bytes after the instruction. */
  after(code: CodeReader, edits: EditList): void;
  /** Called once at the end of the function, before its edits are applied. */
  finish(): void;
  /**
   * Locals to append: encoded groups, each a count and a value type. Read after {@link finish}.
   */
  readonly locals: readonly (readonly number[])[];
}

/** How a module is rewritten. */
export interface RewritePlan {
  readonly indices: IndexMaps;
  /**
   * The maps for the name section; {@link indices} by default. These must be increasing, then the
   * others need not be.
   */
  readonly names?: IndexMaps;
  /**
   * Whether to leave out an import.
   *
   * @param importIndex its index among all imports. The index maps must leave it out too.
   */
  readonly dropImport?: (importIndex: number) => boolean;
  /**
   * Whether to leave out a section. Sections that hold offsets into the code are always left out.
   */
  readonly drop?: (section: Section) => boolean;
  /** How functions are rewritten. Without it only their indices are mapped. */
  readonly functions?: FunctionPlans;
  /** What is added. Called once, after all functions have been rewritten. */
  readonly additions: () => Additions;
}

/** The locals that a function declares, without its parameters. */
export interface FunctionLocals {
  readonly count: number;
  /** How many groups declare them: each is a count and a type. */
  readonly groups: number;
  /** How many of them are references. */
  readonly references: number;
  /** What they take in a frame, in bytes, if each takes a multiple of 8. */
  readonly frameBytes: number;
  /** The length of the body in bytes, its locals included. */
  readonly bodyBytes: number;
  /** The offset of the first instruction, in bytes from the start of the module. */
  readonly codeOffset: number;
}
