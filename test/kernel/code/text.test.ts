import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { kernelCode } from '../../../src/kernel/code/code.generated.ts';
import { kernelSymbols, kernelTexts } from '../../../src/kernel/code/text.ts';
import { assemble, ModuleBuilder } from '../../../src/wasm/index.ts';

const text = suite('assembled kernel functions');

/** All indices take two bytes, and the memory is not the first. */
const FIRST = 130;

for (const [name, { params, results, locals, body }] of Object.entries(kernelTexts)) {
  text(`${name} is what its text says, wherever it is emitted`, () => {
    const { globals, functions } = kernelSymbols(FIRST);
    const names = [...Object.keys(params), ...Object.keys(locals)];
    const scope = { locals: new Map(names.map((local, index) => [local, index])), globals, functions, memory: FIRST };
    const expected = new ModuleBuilder();
    expected.function({ params: Object.values(params), results }, Object.values(locals), assemble(body, scope));
    const relocated = new ModuleBuilder();
    const code = Object.entries(kernelCode).find(([key]) => key === name)?.[1];
    assert.ok(code);
    // Symbols are numbered from 1 on in the order of `kernelSymbols`, and 0 is that of a memarg.
    const last = FIRST + globals.size + functions.size;
    const indices = [FIRST, ...Array.from({ length: last - FIRST + 1 }, (_, at) => FIRST + at)];
    relocated.relocatable(code, indices);
    assert.equal(relocated.additions(), expected.additions());
  });
}

text.run();
