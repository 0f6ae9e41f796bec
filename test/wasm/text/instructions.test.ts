import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { allInstructions } from '../../../src/wasm/instructions/index.ts';
import { printFunction } from '../../../src/wasm/text/index.ts';
import { wat } from '../../support/wat.ts';
import { onlyExpression } from '../instructions/decode.ts';
import { snippetOf } from '../instructions/snippets.ts';

// An assembler that does not use the table assembles each instruction from text. What is printed
// of it is assembled again, to the same bytes.

const printing = suite('printed instructions');

for (const instruction of allInstructions()) {
  printing(instruction.name, async () => {
    const bytes = await wat(`(module (func ${snippetOf(instruction).text}))`);
    const printed = printFunction(bytes, 0);
    // The samples have the alignment that the text need not give.
    assert.not.match(printed, /align/);
    const again = await wat(`(module (type (func)) ${printed})`);
    assert.equal(onlyExpression(again), onlyExpression(bytes), printed);
  });
}

printing.run();
