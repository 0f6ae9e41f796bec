// Keeps a source map right while text is inserted into the module that it describes.
import { readNumber, writeNumber } from './vlq.ts';

/** A module and its source map, as esbuild writes them. */
export interface Output {
  readonly code: string;
  /** JSON. */
  readonly map: string;
}

/** Text that is inserted into a module. */
export interface Insertion {
  /** Where in the module, in UTF-16 code units from its beginning. */
  readonly offset: number;
  /** Has no line break. */
  readonly text: string;
}

/** An insertion within a line. */
interface Shift {
  readonly column: number;
  readonly length: number;
}

/** The segments of a line, moved by what was inserted before them. */
function movedSegments(line: string, shifts: readonly Shift[]): string {
  let [column, movedColumn, passed, inserted] = [0, 0, 0, 0];
  const segments = line.split(',').map((segment) => {
    const [delta, end] = readNumber(segment, 0);
    column += delta;
    for (let shift = shifts[passed]; shift !== undefined && shift.column <= column; shift = shifts[++passed])
      inserted += shift.length;
    const text = writeNumber(column + inserted - movedColumn) + segment.slice(end);
    movedColumn = column + inserted;
    return text;
  });
  return segments.join(',');
}

/**
 * Inserts text at places of a module.
 *
 * @param output the module, and its source map.
 * @param insertions in ascending order of their offsets.
 * @returns the module and the source map after it: what stood at an offset, and now behind the
 * text, is found where it came from.
 */
export function withInsertions({ code, map }: Output, insertions: readonly Insertion[]): Output {
  const shifts = new Map<number, Shift[]>();
  const pieces: string[] = [];
  let [line, lineStart, from] = [0, 0, 0];
  for (const { offset, text } of insertions) {
    const piece = code.slice(from, offset);
    if (piece.includes('\n')) {
      line += piece.split('\n').length - 1;
      lineStart = from + piece.lastIndexOf('\n') + 1;
    }
    shifts.set(line, [...(shifts.get(line) ?? []), { column: offset - lineStart, length: text.length }]);
    pieces.push(piece, text);
    from = offset;
  }
  // The cast: esbuild wrote it. All but the mappings stays as it is.
  const parsed = JSON.parse(map) as { readonly mappings: string };
  const mappings = parsed.mappings
    .split(';')
    .map((segments, index) => (segments === '' ? '' : movedSegments(segments, shifts.get(index) ?? [])))
    .join(';');
  return { code: [...pieces, code.slice(from)].join(''), map: JSON.stringify({ ...parsed, mappings }) };
}
