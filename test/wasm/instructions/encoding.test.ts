import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { allInstructions, instructionName } from '../../../src/wasm/instructions/index.ts';
import { wat } from '../../support/wat.ts';
import { decodeExpression, onlyExpression } from './decode.ts';
import { samples, snippetOf, snippets } from './snippets.ts';

const instructions = allInstructions();

// An assembler that does not use the table assembles each instruction from text, then the table
// decodes it. The names and immediates must be the same, up to the last byte.

const encoding = suite('instruction encodings');

for (const instruction of instructions) {
  encoding(instruction.name, async () => {
    const { text, names, values } = snippetOf(instruction);
    const decoded = decodeExpression(onlyExpression(await wat(`(module (func ${text}))`)));
    assert.equal(
      decoded.map(({ instruction: { opcode } }) => instructionName(opcode)),
      [...names, 'end'],
    );
    const found = decoded.find((each) => each.instruction.opcode === instruction.opcode);
    assert.equal(found?.values, values ?? instruction.immediates.map((kind) => samples[kind][1]));
  });
}

encoding('each snippet is used by an instruction', () => {
  const known = new Set(instructions.map(({ name }) => name));
  assert.equal(
    Object.keys(snippets).filter((name) => !known.has(name)),
    [],
  );
});

encoding.run();
