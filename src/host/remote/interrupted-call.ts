import { failureMessage } from '../../failure.ts';
import { type Interruption, interruptionMessages } from '../../interruption.ts';

/** A command that the host ended. It stays within this folder: callers get an outcome. */
export class InterruptedCall extends Error {
  override readonly name = 'InterruptedCall';
  readonly interruption: Interruption;

  constructor(interruption: Interruption, cause?: unknown) {
    super(failureMessage(interruptionMessages, interruption), cause === undefined ? {} : { cause });
    this.interruption = interruption;
  }
}
