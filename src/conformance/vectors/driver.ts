import { JsonDecodeError } from '../../json/text/decode-error.ts';
import { printable } from '../../printable.ts';
import { readAnswer, vectorLine } from './line.ts';
import type { HostAnswer, VectorHost } from './run.ts';

/** A program that is running, and reads and writes lines. */
export interface LineProgram {
  /** Writes a line to it. A program that has ended ignores it. */
  send(line: string): void;
  /**
   * Waits for its next line.
   *
   * @param timeoutMs how long, in milliseconds.
   * @returns the line without its line feed; or why there is none.
   */
  receive(timeoutMs: number): Promise<{ readonly line: string } | { readonly none: string }>;
  /** Ends its input, waits until it has ended or `timeoutMs` have passed, and then ends it. */
  end(timeoutMs: number): Promise<void>;
}

/** How long a driver may take, in milliseconds. */
export interface DriverTimes {
  /** For the answer to one vector; 10,000 by default. */
  readonly answerMs?: number | undefined;
  /** To end after its input has ended; 2,000 by default. */
  readonly endMs?: number | undefined;
}

/** After how many failures in a row a driver is not asked any more. */
const FAILURES_MAX = 10;

/** How many lines for earlier vectors a driver may write instead of an answer. */
const REPEATS_MAX = 10;

/** The most characters of a driver's line that a message repeats. */
const LINE_SHOWN = 80;

/**
 * A host behind a program that speaks the driver protocol (abi/vectors/README.md). A program that
 * breaks the protocol fails the vector, and is started again for the next one. After ten such
 * vectors in a row, all others fail without being asked.
 */
export class Driver {
  readonly #start: () => LineProgram;
  readonly #answerMs: number;
  readonly #endMs: number;
  #program: LineProgram | undefined;
  /** The ids of the vectors that were answered. */
  readonly #answered = new Set<string>();
  /** The ids of those that were answered more than once. */
  readonly #repeated = new Set<string>();
  /** How many vectors in a row were not answered. */
  #failures = 0;

  /** @param start starts the program. */
  constructor(start: () => LineProgram, { answerMs = 10_000, endMs = 2_000 }: DriverTimes = {}) {
    this.#start = start;
    this.#answerMs = answerMs;
    this.#endMs = endMs;
  }

  /** The host that vectors are run on. */
  readonly host: VectorHost = async (vector) => {
    if (this.#failures === FAILURES_MAX)
      throw new Error(`not asked: the driver failed to answer ${FAILURES_MAX} vectors in a row`);
    this.#program ??= this.#start();
    const { id } = vector;
    this.#program.send(vectorLine(vector));
    try {
      const answer = await this.#answerTo(id, this.#program);
      this.#failures = 0;
      return answer;
    } catch (error) {
      this.#failures++;
      await this.#stop();
      throw error;
    }
  };

  /**
   * Ends the program.
   *
   * @returns the ids of the vectors that it answered more than once. They have failed.
   */
  async end(): Promise<ReadonlySet<string>> {
    const program = this.#program;
    if (program !== undefined) {
      // Whatever it still writes is an answer too many.
      await this.#stop();
      for (;;) {
        const received = await program.receive(0);
        if ('none' in received) break;
        const id = idOf(received.line);
        if (id !== undefined) this.#noteRepeated(id);
      }
    }
    return this.#repeated;
  }

  async #answerTo(id: string, program: LineProgram): Promise<HostAnswer> {
    for (let repeats = 0; repeats <= REPEATS_MAX; repeats++) {
      const received = await program.receive(this.#answerMs);
      if ('none' in received) throw new Error(received.none);
      const { id: answered, answer } = readLine(received.line);
      if (this.#noteRepeated(answered)) continue;
      if (answered !== id) throw new Error(`the driver answered ${quoted(answered)} to ${id}`);
      this.#answered.add(id);
      return answer;
    }
    throw new Error(`the driver answered earlier vectors again more than ${REPEATS_MAX} times, and not ${id}`);
  }

  /** Whether a vector was answered before. Notes its id then. */
  #noteRepeated(id: string): boolean {
    if (!this.#answered.has(id)) return false;
    this.#repeated.add(id);
    return true;
  }

  async #stop(): Promise<void> {
    const program = this.#program;
    this.#program = undefined;
    await program?.end(this.#endMs);
  }
}

function readLine(line: string): ReturnType<typeof readAnswer> {
  try {
    return readAnswer(line);
  } catch (error) {
    if (!(error instanceof JsonDecodeError)) throw error;
    throw new Error(`the driver wrote ${quoted(line)} instead of an answer: ${error.message}`, { cause: error });
  }
}

function idOf(line: string): string | undefined {
  try {
    return readAnswer(line).id;
  } catch {
    // All vectors have their answers, so a line that is not an answer concerns none of them.
    return undefined;
  }
}

function quoted(text: string): string {
  return `'${printable(text.slice(0, LINE_SHOWN))}'`;
}
