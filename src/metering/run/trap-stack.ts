import { shortened } from '../../failure.ts';
import { isErrorNamed } from '../../realms.ts';
import { functionNames } from '../../wasm/grammar/function-names.ts';
import { engineFrames } from './engine-stack.ts';

/** A function of a plugin that was running when the plugin trapped. */
export interface StackFrame {
  /** Its index in the plugin's own bytes, imports first. */
  readonly index: number;
  /**
   * Its name, if the name section has one: text of the plugin, of 200 characters and the number of
   * the others at most.
   */
  readonly function?: string;
}

/** A failure that may tell where the plugin trapped. */
export interface WithStack {
  /**
   * The plugin's functions that were running, from the one that trapped: at most 32, and V8 tells
   * no more than `Error.stackTraceLimit` frames in all. A hint: the engine gives it, and some give
   * none. It is read from the error when it is first asked for, and is not enumerable.
   */
  readonly stack?: readonly StackFrame[] | undefined;
  /**
   * The error text that the plugin set before it trapped, as a panic hook or `abort` does: 1,000
   * characters and the number of the others at most. Not enumerable.
   */
  readonly said?: string | undefined;
}

/** The most frames of a stack. */
const FRAMES_MAX = 32;

/** The most characters of a function's name. */
const NAME_MAX = 200;

/** The most characters of what a plugin said. */
const SAID_MAX = 1_000;

/** How many functions a plugin imports and defines, without those that were added to it. */
export interface OwnFunctions {
  readonly imported: number;
  readonly defined: number;
}

/**
 * Finds the functions of a plugin in the stack of an error. What was added to a module stands
 * before the functions that the plugin defines, as imports, or after them.
 */
export class StackReader {
  readonly #module: WebAssembly.Module;
  readonly #own: OwnFunctions;
  readonly #bodyEnds: Uint32Array | undefined;

  /**
   * @param module that the engine compiled.
   * @param own the functions of the plugin in it.
   * @param bodyEnds where its functions end, as `functionBodyEnds` tells; if missing, the
   * engine must tell the index of a function.
   */
  constructor(module: WebAssembly.Module, own: OwnFunctions, bodyEnds?: Uint32Array | undefined) {
    this.#module = module;
    this.#own = own;
    this.#bodyEnds = bodyEnds;
  }

  /**
   * Reads the stack of what the plugin's code threw.
   *
   * @returns the frames, from the one that trapped; `undefined` if the engine tells none.
   */
  read(thrown: unknown): readonly StackFrame[] | undefined {
    const text = stackText(thrown);
    return text === undefined ? undefined : this.readText(text);
  }

  /** {@link read} for the text of a stack. */
  readText(text: string): readonly StackFrame[] | undefined {
    const frames = engineFrames(text);
    if (frames.length === 0) return undefined;
    const { imported, defined } = this.#own;
    const nowImported = WebAssembly.Module.imports(this.#module).filter(({ kind }) => kind === 'function').length;
    const places = frames
      .map(({ index, offset }) => (this.#bodyEnds === undefined ? index - nowImported : this.#placeAt(offset)))
      .filter((place) => place >= 0 && place < defined)
      .slice(0, FRAMES_MAX);
    if (places.length === 0) return undefined;
    const names = this.#names(new Set(places.map((place) => nowImported + place)));
    return places.map((place) => {
      const name = names.get(nowImported + place);
      const index = imported + place;
      return name === undefined ? { index } : { index, function: shortened(name, NAME_MAX) };
    });
  }

  /** The place among the defined functions of the one whose code is at an offset. */
  #placeAt(offset: number): number {
    return (this.#bodyEnds ?? []).findIndex((end) => offset < end);
  }

  #names(indices: ReadonlySet<number>): Map<number, string> {
    const [section] = WebAssembly.Module.customSections(this.#module, 'name');
    return section === undefined ? new Map() : functionNames(new Uint8Array(section), indices);
  }
}

/** A host may have replaced how its engine writes stacks, by code that throws or writes no text. */
function stackText(thrown: unknown): string | undefined {
  if (!isErrorNamed(thrown, 'RuntimeError')) return undefined;
  try {
    return typeof thrown.stack === 'string' ? thrown.stack : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Adds a stack to a failure. It is not read before it is asked for: most traps are only counted. It
 * is not enumerable, so that logs and JSON of the failure do not have it.
 */
export function withStack<F extends object>(failure: F, read: () => WithStack['stack']): F & WithStack {
  let known: { readonly stack: WithStack['stack'] } | undefined;
  const get = (): WithStack['stack'] => {
    known ??= { stack: read() };
    return known.stack;
  };
  return Object.defineProperty(failure, 'stack', { get });
}

/**
 * Gives a failure the stack of the one that it follows from, and what the plugin said.
 *
 * @param failure gets the properties that `from` has.
 */
export function withStackOf<F extends object>(failure: F, from: object): F & WithStack {
  if (!hasStack(from)) return failure;
  const located = withStack(failure, () => from.stack);
  return from.said === undefined ? located : withSaid(located, from.said);
}

/**
 * Adds to a failure what the plugin said before it trapped. It is not enumerable, as the stack.
 *
 * @param said the error text that the plugin had set.
 */
export function withSaid<F extends object>(failure: F, said: string): F & WithStack {
  return Object.defineProperty(failure, 'said', { value: shortened(said, SAID_MAX) });
}

/**
 * Finds the failure that has a stack: a failure, or one that it holds, as why a dispatch failed
 * holds why the call failed.
 *
 * @returns it, with `stack` undefined if the engine tells none; `undefined` if nothing trapped.
 */
export function trapOf(failure: unknown): WithStack | undefined {
  if (typeof failure !== 'object' || failure === null) return undefined;
  return [failure, ...Object.values(failure)].find(hasStack);
}

function hasStack(value: unknown): value is WithStack {
  return typeof value === 'object' && value !== null && 'stack' in value;
}
