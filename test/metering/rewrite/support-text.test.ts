import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { supportCode } from '../../../src/metering/rewrite/support-code.generated.ts';
import { supportSymbols, supportTexts } from '../../../src/metering/rewrite/support-text.ts';
import { assemble, ModuleBuilder } from '../../../src/wasm/index.ts';

const text = suite('assembled support functions');

/** All indices take two bytes. */
const FIRST = 130;

for (const [key, { params, results, locals, body, padding = 0 }] of Object.entries(supportTexts)) {
  text(`${key} is what its text says, wherever it is added`, () => {
    const { globals, functions } = supportSymbols(FIRST);
    const names = [...Object.keys(params), ...Object.keys(locals)];
    const scope = { locals: new Map(names.map((local, index) => [local, index])), globals, functions, memory: 0 };
    // As no function works on more, 0 and 1 as well as 130 and 131 are the two operands.
    const operands = body.replace(/((?:memory|table)\.(?:size|fill|copy|grow)) (\d)(?: (\d))?/g, (_, name, to, from) =>
      [name, FIRST + Number(to), ...(from === undefined ? [] : [FIRST + Number(from)])].join(' '),
    );
    const never = padding === 0 ? [] : [0x0f, ...Array<number>(padding).fill(0x01)];
    const typed = (types: readonly string[]) => types.map((type) => (type === 'element' ? 'externref' : type));
    const expected = new ModuleBuilder();
    const type = { params: typed(Object.values(params)), results };
    expected.function(type, Object.values(locals), [...assemble(operands, scope), ...never]);

    const found = Object.entries(supportCode).find(([each]) => each === key)?.[1];
    assert.ok(found);
    const [parameters, returned, code] = found;
    const relocated = new ModuleBuilder();
    const last = FIRST + 1 + globals.size + functions.size;
    const indices = [0, ...Array.from({ length: last - FIRST + 1 }, (_, at) => FIRST + at)];
    relocated.relocatable([parameters.replace('element', 'externref'), returned, code], indices);
    assert.equal(relocated.additions(), expected.additions());
  });
}

text.run();
