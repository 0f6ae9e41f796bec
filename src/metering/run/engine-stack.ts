/** A frame of WebAssembly, as an engine writes it into the stack of an error. */
export interface EngineFrame {
  /** The index of the function in the module that the engine compiled. Deno writes 0 for each. */
  readonly index: number;
  /** Where its code is, in bytes from the start of that module. */
  readonly offset: number;
}

/** How much of a stack is read, in characters. A module may give its functions names of 2 MiB. */
const TEXT_MAX = 65_536;

/** What follows the name of the module in a frame. */
const PLACE = ':wasm-function[';
const INDEX_AND_OFFSET = /^:wasm-function\[(\d{1,7})\]:0x([0-9a-f]{1,8})\)?$/;
const MODULE = 'wasm://';

/**
 * Reads the frames of WebAssembly from the stack of an error: the latest ones, as far as they are
 * of one module.
 *
 * Names in the text are the module's own, and are not read. One that has line breaks can fake
 * frames, so a stack is a hint.
 *
 * @param text the stack, as V8 writes it.
 * @returns the frames, from the one that trapped; none if the engine tells none, as JavaScriptCore.
 */
export function engineFrames(text: string): readonly EngineFrame[] {
  const frames: EngineFrame[] = [];
  let module: string | undefined;
  for (const line of text.slice(0, TEXT_MAX).split('\n')) {
    const at = line.lastIndexOf(PLACE);
    const [, index, offset] = INDEX_AND_OFFSET.exec(at < 0 ? '' : line.slice(at)) ?? [];
    const from = line.slice(Math.max(0, line.lastIndexOf(MODULE, at)), at);
    if (index !== undefined && offset !== undefined && from === (module ?? from)) {
      module = from;
      frames.push({ index: Number(index), offset: Number.parseInt(offset, 16) });
    } else if (module !== undefined) break;
  }
  return frames;
}
