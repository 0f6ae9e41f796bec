import { onFirstUse } from '../../first-use.ts';
import {
  byFirstByte,
  type CodeReader,
  type Control,
  type Instruction,
  readCatchClause,
  readLabelTable,
  readVector,
} from '../../wasm/index.ts';
import { HandlerAssumptionBroken } from './context.ts';
import type { DeadEnd } from './frame-regions.ts';
import { longestWay } from './longest-way.ts';
import type { MeteredFunction } from './metered-function.ts';
import { BLOCK, END } from './opcodes.ts';
import type { Block, BlockKind } from './open-blocks.ts';
import { padIfDear } from './padding.ts';
import { accessesMemory } from './plain-instructions.ts';

/** Takes the latest instruction into account, whose fuel has been charged, and makes its edits. */
type InstructionRule = (metered: MeteredFunction, code: CodeReader) => void;

const REF_FUNC = 0xd2;
/** The opcode of vector instructions begins so. */
const VECTOR_PREFIX = 0xfd;

/** What is done at an instruction, by what it does to control. */
const RULES: { readonly [C in Control]: InstructionRule } = {
  none: (metered, code) => {
    const { instruction } = code;
    const { costs } = instruction;
    metered.operands.instruction(code);
    if (costs.time !== 'constant' || costs.grows !== 'nothing' || costs.blocks) {
      bulk(metered, code);
      return;
    }
    if (metered.countsAccesses && accessesMemory(instruction)) metered.structure.memory64Accesses++;
    if (code.firstByte === VECTOR_PREFIX) metered.usesVectors = true;
    else if (costs.checks) {
      metered.structure.checkedOperations++;
      if (code.firstByte === REF_FUNC) metered.structure.join(metered.operands.height);
    }
    metered.calls.mapIndex(code);
  },

  trap: (metered) => {
    metered.operands.unreachable();
    end(metered, 'trap');
  },

  branch: (metered, code) => {
    const { instruction, start } = code;
    const { structure, operands } = metered;
    if (instruction.immediates[0] === 'labelTable') {
      const labels = code.values[0] ?? 0;
      structure.labels += labels;
      structure.branch(operands.height, labels);
      branchToOneOf(metered, code);
    } else {
      structure.branch(operands.height);
      branch(metered, start, code.values[0] ?? 0, true);
    }
    operands.unreachable();
    if (metered.blocks.innermost.added > 0) metered.outer.mapLabels(code);
    end(metered, 'jump');
  },

  conditional: (metered, code) => {
    const { instruction, start } = code;
    const { immediates, stack } = instruction;
    const { operands, regions, structure } = metered;
    const at = immediates[0] === 'labelIndex' ? 0 : immediates.indexOf('labelIndex');
    structure.branch(operands.height);
    branch(metered, start, code.values[at] ?? 0, false);
    operands.change(stack.pushes - stack.pops);
    if (metered.blocks.innermost.added > 0) metered.outer.mapLabels(code);
    regions.split();
  },

  return: (metered, code) => {
    const { instruction, start } = code;
    const { structure, operands, regions, calls } = metered;
    const isTailCall = instruction.costs.calls === 'tailCall';
    if (isTailCall) {
      structure.call(code, operands.height, calls.type(code));
      calls.tailCall(code);
    } else {
      structure.branch(operands.height);
      exit(metered, start);
    }
    regions.leavesFunction();
    operands.unreachable();
    end(metered, 'jump');
  },

  // An exception may be caught in this function, in a caller, or outside of the module.
  throw: (metered, code) => {
    const { operands, regions, exceptions } = metered;
    metered.structure.throws(operands.height);
    if (exceptions === undefined) throw new HandlerAssumptionBroken();
    exceptions.thrown(code);
    regions.leavesFunction();
    operands.unreachable();
    metered.outer.mapLabels(code);
    end(metered, 'jump');
  },

  call: (metered, code) => {
    const { operands, calls } = metered;
    const type = calls.type(code);
    metered.structure.call(code, operands.height, type);
    calls.call(code);
    operands.call(type, code.instruction.stack.pops);
  },

  block: (metered, code) => {
    if (code.firstByte === BLOCK) {
      countBlock(metered, code, 'block');
      open(metered, code, 'block', 0);
    } else openHandler(metered, code);
  },

  loop: (metered, code) => {
    const { regions } = metered;
    countBlock(metered, code, 'loop');
    metered.hasLoops = true;
    regions.beforeLoop(code.start);
    // Dead code never turns, and JavaScriptCore checks the labels of some branches there against
    // live blocks only.
    const around = regions.dead ? 0 : metered.outer.wrap(code);
    const block = open(metered, code, 'loop', around);
    regions.openLoop(block, code.end, around > 0);
    metered.frames.openLoop();
  },

  if: (metered, code) => {
    countBlock(metered, code, 'if');
    const block = open(metered, code, 'if', 0);
    metered.regions.openIf(block);
    metered.frames.openIf(metered.regions.count);
  },

  else: (metered, code) => {
    const { regions, operands } = metered;
    metered.frames.otherArm(metered.deadEnd, regions.count);
    operands.arm(metered.blocks.innermost);
    regions.arm(code.end, false);
  },

  // Straight-line code never executes it, so its fuel belongs to its handler's region.
  catch: (metered, code) => {
    const { regions, operands } = metered;
    metered.structure.handlers++;
    metered.structure.restoredAtClauses(1, operands.height);
    catches(metered);
    metered.exceptions?.clause(metered.blocks.innermost);
    operands.caught(code);
    regions.arm(code.end, true);
    regions.charge(code.end, code.instruction.costs.fuel);
  },

  end: (metered, code) => {
    const { blocks, regions } = metered;
    if (blocks.depth === 1) endFunction(metered, code);
    // The label of a `delegate` is mapped as long as its block is open.
    if (code.firstByte !== END) metered.outer.mapLabels(code);
    const block = blocks.close();
    metered.operands.close(block);
    if (block.kind !== 'block') {
      if (blocks.depth === 0) return;
      metered.structure.close(block.kind);
      metered.exceptions?.close(block);
      metered.frames.end(block, metered.deadEnd, regions.count);
      metered.outer.close(block, code.end, metered.charges.afterLoop);
    }
    regions.close(block, code.end);
  },
};

/**
 * The rules by the first byte of an opcode; for those that begin with a prefix it is not known yet.
 */
export const rulesByFirstByte = onFirstUse(() =>
  byFirstByte((instruction) => instruction && RULES[instruction.control]),
);

/** The rule of an instruction whose first byte does not tell it. */
export function ruleOf({ control }: Instruction): InstructionRule {
  return RULES[control];
}

/** The code that follows in this block is never executed. @param how what came before ends. */
function end(metered: MeteredFunction, how: DeadEnd): void {
  if (!metered.regions.dead) metered.latestEnd = how;
  metered.regions.end();
}

/** The latest instruction opens a block. Counts it. */
function countBlock({ structure, blocks, operands }: MeteredFunction, code: CodeReader, kind: BlockKind): void {
  const { immediates } = code.instruction;
  const blockType = code.values[0] ?? 0;
  const params = blockType >= 0 ? operands.blockParams(blockType) : 0;
  const clauses = immediates.length > 1 ? (code.values[1] ?? 0) : 0;
  structure.open(kind, code.start, blocks.depth, operands);
  if (params > 0) structure.blockParams += params;
  if (clauses > 0) structure.opensWithClauses(clauses, operands.height);
}

/** Opens the block. @param around how many blocks metering puts around it. */
function open(
  { blocks, regions, operands }: MeteredFunction,
  code: CodeReader,
  kind: BlockKind,
  around: number,
): Block {
  const { added } = blocks.innermost;
  const block = blocks.open();
  block.begin(kind, added + around, regions.open, regions.dead);
  operands.open(block, code.values[0] ?? 0, code.instruction.stack.pops);
  return block;
}

/** A legacy `try`, or a `try_table`. */
function openHandler(metered: MeteredFunction, code: CodeReader): void {
  const { regions, blocks, exceptions } = metered;
  const hasClauses = code.instruction.immediates.length > 1;
  countBlock(metered, code, 'handler');
  catches(metered);
  const handler = exceptions?.open(code, hasClauses ? (code.values[1] ?? 0) : 0) ?? -1;
  if (hasClauses) {
    for (const { label } of readVector(code.immediate(1), readCatchClause)) {
      if (label === blocks.depth - 1) metered.exits.leftByClause();
      regions.catchesAt(label);
    }
    metered.outer.mapLabels(code);
  }
  open(metered, code, 'handler', 0).handler = handler;
}

/** An exception may be caught here. */
function catches({ frames, context }: MeteredFunction): void {
  frames.depthIsSet = false;
  if (context.withoutHandlers) throw new HandlerAssumptionBroken();
}

/**
 * The latest instruction takes an amount of time, or of something else, that is known only when it
 * is executed. Support functions charge the counter too, so it is read again after them.
 */
function bulk(metered: MeteredFunction, code: CodeReader): void {
  const { replacement, before } = metered.context.bulk.instruction(code);
  if (before === undefined && replacement === undefined) return;
  metered.spends = true;
  if (before !== undefined) {
    metered.keepsLength = true;
    metered.edits.insertBytes(code.start, before(metered.firstAdded));
  }
  metered.structure.sum('moduleBulkOperations', 1, code.start);
  metered.structure.edges(1);
  if (replacement !== undefined) metered.edits.replaceByBytes(code.start, code.end, replacement);
  metered.regions.begin(code.end, false, true);
}

function branchToOneOf(metered: MeteredFunction, code: CodeReader): void {
  const labels = readLabelTable(code.immediate(0));
  const outermost = metered.blocks.depth - 1;
  if (labels.includes(outermost)) exit(metered, code.start);
  for (const label of labels) branchTo(metered, label, labels.length === 1);
}

/** A branch to a label from an offset. @param always whether it is taken in any case. */
function branch(metered: MeteredFunction, at: number, label: number, always: boolean): void {
  if (label === metered.blocks.depth - 1) exit(metered, at);
  branchTo(metered, label, always);
}

function branchTo({ regions, frames, blocks }: MeteredFunction, label: number, always: boolean): void {
  regions.branch(label, always);
  frames.branch(blocks.depth - 1 - label);
}

/**
 * The function may be left here: to the host or another instance, if it is exported. Those do not
 * set the depth, so it is set back.
 */
function exit({ exits, structure, operands, regions, frames }: MeteredFunction, at: number): void {
  if (!exits.exported) return;
  structure.join(operands.height);
  regions.notice(at);
  exits.exit(at);
  frames.depthIsSet = false;
}

/** The latest instruction ends the function's body. */
function endFunction(metered: MeteredFunction, code: CodeReader): void {
  const { structure, regions, edits, locals } = metered;
  metered.exits.end(code.start);
  if (!regions.dead) exit(metered, code.start);
  padIfDear(edits, code.start, structure.jumps, locals.bodyBytes, () => {
    const { codeOffset, bodyBytes } = locals;
    // Exceptions lead to a handler from many places: a way may be as long as the function then.
    return metered.context.withoutHandlers ? longestWay(code.bytes, codeOffset, code.end) : bodyBytes;
  });
}
