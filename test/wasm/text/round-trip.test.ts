import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readModule, type WasmModule } from '../../../src/wasm/grammar/module.ts';
import { FunctionPrinter, printedText } from '../../../src/wasm/text/index.ts';
import { ModuleNames } from '../../../src/wasm/text/module-names.ts';
import { fixture } from '../../support/fixture.ts';
import { fixturePaths } from '../../support/fixtures-list.ts';
import { wat } from '../../support/wat.ts';
import { bodiesOf, canonicalBody } from './canonical.ts';

// All functions of each fixture are printed, then assembled again, within a module that has no
// more than what their names refer to. The bodies must be the same.

/** Names that the fixtures use are not beyond these indices. */
const NAMED_MAX = 1_000;

/** What defines a name of each index space that functions refer to. */
const definitions = {
  global: (id: string) => `(global ${id} (mut i32) (i32.const 0))`,
  table: (id: string) => `(table ${id} 0 funcref)`,
  memory: (id: string) => `(memory ${id} 0)`,
  data: (id: string) => `(data ${id} "")`,
  element: (id: string) => `(elem ${id} func)`,
} as const;

/** The text of a module that has the types of another, and names of its index spaces. */
function shell(module: WasmModule, names: ModuleNames): string[] {
  const types = module.types.map((type, index) => {
    const id = names.of('type', index) ?? '';
    if (type.kind !== 'func') return `(type ${id} (${type.kind}))`;
    return `(type ${id} (func (param ${type.params.join(' ')}) (result ${type.results.join(' ')})))`;
  });
  const spaces = Object.entries(definitions).flatMap(([space, define]) => {
    // The keys of `definitions` are index spaces.
    const ids = Array.from({ length: NAMED_MAX }, (_, index) => names.of(space as keyof typeof definitions, index));
    const count = ids.findLastIndex((id) => id !== undefined) + 1;
    return ids.slice(0, count).map((id) => define(id ?? ''));
  });
  return [...types, ...spaces];
}

/** A module with all functions of another as they are printed. */
function printedModule(bytes: Uint8Array): string {
  const module = readModule(bytes);
  const printer = new FunctionPrinter(bytes, module);
  const [types, spaces] = [module.types.length, shell(module, new ModuleNames(bytes, module.sections))];
  const functions = module.functions.map((_, index) => {
    const printed = printer.print(index, { lines: 1_000_000, lineLength: 1_000_000 });
    if (!printed.complete) throw new Error(`function ${index} was not printed as a whole`);
    return printedText(printed);
  });
  const imports = module.imports.filter(({ kind }) => kind === 'function').length;
  // Imports must stand before definitions.
  return ['(module', ...spaces.slice(0, types), ...functions.slice(0, imports), ...spaces.slice(types)]
    .concat(functions.slice(imports), ')')
    .join('\n');
}

const roundTrip = suite('printed functions assemble to what they were printed from');

for (const path of fixturePaths) {
  roundTrip(path, async () => {
    const bytes = await fixture(path);
    const [before, after] = [bodiesOf(bytes), bodiesOf(await wat(printedModule(bytes)))];
    assert.is(after.length, before.length);
    before.forEach((body, index) => {
      const again = after[index];
      if (again === undefined) throw new Error(`function ${index} is missing`);
      // Texts, since a comparison of large lists of lists is slow.
      const [expected, found] = [body, again].map((each) => JSON.stringify(canonicalBody(each)));
      assert.ok(found === expected, `function ${index} (of those defined) differs`);
    });
  });
}

roundTrip.run();
