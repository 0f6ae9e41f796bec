import { ByteReader } from '../encoding/byte-reader.ts';
import type { ByteSink } from '../encoding/byte-sink.ts';
import { readU32 } from '../encoding/leb128.ts';
import { CodeReader } from '../grammar/code-reader.ts';
import { readLocals } from '../grammar/function-locals.ts';
import { passPlain, plainExcept, plainTable } from '../instructions/plain-run.ts';
import { EditList } from './edits.ts';
import { IndexEditor, mappedInstructions } from './index-editor.ts';
import type { IndexMaps } from './plan.ts';

/**
 * Maps the indices in the bodies of a code section.
 *
 * @param contents of the section, after the length of the vector.
 * @param count how many bodies there are.
 * @param sink where the bodies are written, each with its size.
 * @throws WasmFormatError for malformed code.
 */
export function mapBodies(contents: ByteReader, count: number, maps: IndexMaps, sink: ByteSink): void {
  const edits = new EditList();
  const indices = new IndexEditor(maps, edits);
  const mapped = mappedInstructions(maps);
  const plain = plainExcept(
    plainTable(() => true),
    mapped,
  );
  const operands = { height: 0, base: 0, greatest: 0 };
  const code = new CodeReader(new ByteReader(contents.bytes));
  for (let index = 0; index < count; index++) {
    const body = contents.part(readU32(contents), 'a function body');
    const start = body.offset;
    edits.clear();
    readLocals(body, indices);
    code.into(body);
    for (passPlain(body, plain, operands); !code.done; passPlain(body, plain, operands)) {
      code.next();
      if (mapped[code.firstByte] === true) indices.instruction(code);
    }
    const size = body.end - start;
    const begin = sink.beginSized(size);
    edits.apply(body.bytes, start, body.end, sink);
    sink.endSized(begin, size);
  }
}
