import { type CodeReader, readLabelTable } from '../wasm/index.ts';
import { MeteringError } from './error.ts';
import type { StackHeight } from './stack-height.ts';

/** Blocks that may be open at once in a function. */
const NESTING_MAX = 1_000;

/** Sum over all branches of a module: labels, each times one more than the operands that it carries. */
const BRANCH_WORK_MAX = 2_000_000;

/** The largest operand stack of a function. */
const OPERANDS_MAX = 10_000;

/** Bounds the work that a module makes for an engine's compiler, which grows faster than the module's bytes with these. */
export class CompileWork {
  #branches = 0;
  #open = 0;

  /** A function begins. */
  begin(): void {
    this.#open = 0;
  }

  /**
   * Takes the latest instruction into account.
   *
   * @throws MeteringError `LimitExceeded`
   */
  instruction(code: CodeReader, height: StackHeight): void {
    const { stack, control, immediates } = code.instruction;
    if (stack.kind === 'block') {
      if (++this.#open > NESTING_MAX) exceeded(code, `more than ${NESTING_MAX} blocks are open at once`);
      if (height.greatest > OPERANDS_MAX) exceeded(code, `a function keeps more than ${OPERANDS_MAX} operands`);
    } else if (control === 'end') this.#open--;
    else if (control === 'branch' || control === 'conditional') {
      const at = immediates.indexOf('labelTable');
      const labels = at < 0 ? [code.values[immediates.indexOf('labelIndex')] ?? 0] : readLabelTable(code.immediate(at));
      for (const label of labels) this.#branches += 1 + height.labelArity(label);
      if (this.#branches > BRANCH_WORK_MAX)
        exceeded(code, 'the branches of the module carry too many operands to too many labels');
    }
  }
}

function exceeded(code: CodeReader, reason: string): never {
  throw new MeteringError({ kind: 'LimitExceeded', offset: code.start, reason });
}
