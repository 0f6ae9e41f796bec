import {
  CodeReader,
  CodeWriter,
  definedGlobalTypes,
  ModuleBuilder,
  readLocals,
  readModule,
  readU32,
  rewriteModule,
} from '../../src/wasm/index.ts';

/** The name under which a counted module exports what its instructions have cost so far. */
export const COUNTED = 'counted fuel';

const I64_ADD = 0x7c;

/**
 * Writes into a module a count of its fuel, as slowly and plainly as can be: before each
 * instruction stands code that adds what it costs to a global. There are no regions, no budget and
 * no clock. Entering a function costs 1. A handler's `catch` is counted behind it, where it is
 * executed.
 *
 * @param bytes of a valid module.
 * @returns the module that counts, and exports {@link COUNTED}.
 */
export function countFuel(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const module = readModule(bytes);
  const imported = (kind: string): number => module.imports.filter((each) => each.kind === kind).length;
  const parts = new ModuleBuilder({
    types: module.types.length,
    importedFunctions: imported('function'),
    definedFunctions: module.functions.length - imported('function'),
    memories: imported('memory') + module.memories.length,
    globals: imported('global') + definedGlobalTypes(bytes, module).length,
  });
  const counter = parts.global('i64', true, 0n);
  parts.export(COUNTED, 'global', counter);
  const one = new CodeWriter().globalGet(counter).i64Const(1).opcode(I64_ADD).globalSet(counter).bytes;
  return rewriteModule(bytes, module, {
    indices: {},
    additions: () => parts.additions(),
    bodies: (contents, count, sink) => {
      for (let index = 0; index < count; index++) {
        const body = contents.part(readU32(contents), 'a body');
        const start = body.offset;
        readLocals(body);
        const counted = [...bytes.subarray(start, body.offset), ...one];
        const code = new CodeReader(body);
        while (!code.done) {
          code.next();
          const { costs, control } = code.instruction;
          const own = [...bytes.subarray(code.start, code.end)];
          const charge = costs.fuel === 1 ? one : [];
          counted.push(...(control === 'catch' ? [...own, ...charge] : [...charge, ...own]));
        }
        sink.u32(counted.length);
        sink.bytes(counted);
      }
    },
  });
}
