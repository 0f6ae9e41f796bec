import { joinedChunks } from '../../hooks/policies/body-chunks.ts';
import { EventReader } from '../../hooks/policies/event-reader.ts';
import { HookPolicyError } from '../../hooks/policies/policy-error.ts';
import { NO_USAGE, type TokenUsage, usageAfterEvent, usageOfAnswer } from './token-usage.ts';

/** Reads along what passes, to count it. */
export interface BodyMeter {
  /**
   * Takes the next bytes.
   *
   * @returns how many events ended in them.
   */
  push(chunk: Uint8Array): number;
  /** Returns the tokens that were used, as far as the bytes say. */
  usage(): TokenUsage;
}

/** Counts the events of a stream, and reads their tokens. */
export class EventMeter implements BodyMeter {
  /** `undefined` after an event that was too large: what follows it is not read. */
  #reader: EventReader | undefined;
  #usage = NO_USAGE;

  /** @param max the most bytes of an event. */
  constructor(max: number) {
    this.#reader = new EventReader(max);
  }

  push(chunk: Uint8Array): number {
    this.#reader?.push(chunk);
    let events = 0;
    for (let block = this.#next(); block !== undefined; block = this.#next()) {
      if (block.event === undefined) continue;
      events++;
      this.#usage = usageAfterEvent(this.#usage, block.event);
    }
    return events;
  }

  usage(): TokenUsage {
    return this.#usage;
  }

  #next(): ReturnType<EventReader['next']> {
    try {
      return this.#reader?.next();
    } catch (error) {
      if (!(error instanceof HookPolicyError)) throw error;
      this.#reader = undefined;
      return undefined;
    }
  }
}

/** Keeps a whole answer, and reads its tokens at the end. */
export class AnswerMeter implements BodyMeter {
  readonly #max: number;
  #chunks: Uint8Array[] = [];
  #size = 0;

  /** @param max the most bytes of an answer that is kept. */
  constructor(max: number) {
    this.#max = max;
  }

  push(chunk: Uint8Array): number {
    this.#size += chunk.length;
    if (this.#size <= this.#max) this.#chunks.push(chunk);
    else this.#chunks = [];
    return 0;
  }

  usage(): TokenUsage {
    return this.#size <= this.#max ? usageOfAnswer(joinedChunks(this.#chunks, this.#size)) : NO_USAGE;
  }
}
