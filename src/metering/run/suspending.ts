import { reasonOf } from '../../failure.ts';
import { isTagged } from '../../realms.ts';
import { encodeName, encodeUnsigned, encodeValueType } from '../../wasm/index.ts';
import type { ImportedFunction } from '../metering-section.ts';
import { compileHere } from './compile.ts';
import type { Meter } from './meter.ts';
import { namesOwnType } from './value-types.ts';

/*
 * A `WebAssembly.Suspending` hides the function in it, so no JavaScript can stand before that. A
 * WebAssembly function can: it calls the import, which suspends it as it would suspend the module,
 * and catches what the function throws or its promise rejects with.
 */

/**
 * What JavaScriptCore names a Suspending: a function there, of no prototype of its own. Elsewhere
 * it is an object.
 */
const SUSPENDING_NAME = 'WebAssembly.Suspending';

/** The tag where it is an object, in all realms. Nothing else of it can be asked for. */
const SUSPENDING_TAG = '[object WebAssembly.Suspending]';

/** Whether a value is a `WebAssembly.Suspending`. Engines without promise integration have none. */
export function isSuspending(value: unknown): value is object {
  const { Suspending } = WebAssembly as { readonly Suspending?: abstract new () => object };
  if (Suspending === undefined) return false;
  return isTagged(value, SUSPENDING_TAG) || (typeof value === 'function' && value.name === SUSPENDING_NAME);
}

/** Indices in the module of {@link guardBytes}. */
const TYPE = { imported: 0, takesReference: 1, nothing: 2 } as const;
const FUNCTION = { imported: 0, failed: 1, returned: 2, guard: 3 } as const;

const EXTERNREF = 0x6f;
const EMPTY = 0x40;

const section = (id: number, entries: readonly (readonly number[])[]): number[] => {
  const contents = [...encodeUnsigned(entries.length), ...entries.flat()];
  return [id, ...encodeUnsigned(contents.length), ...contents];
};

/**
 * A module whose export `guard` calls the import `imported`, of the same type. Then it calls
 * `returned`; or, if that throws, `failed` with the value thrown (null if it is an exception of
 * WebAssembly), and traps.
 */
function guardBytes({ params, results }: ImportedFunction): Uint8Array<ArrayBuffer> {
  const encoded = (types: readonly string[]) => [
    ...encodeUnsigned(types.length),
    ...types.flatMap((type) => encodeValueType(type)),
  ];
  const imported = (name: string, description: readonly number[]) => [
    ...encodeName('guard'),
    ...encodeName(name),
    ...description,
  ];
  const type = [0x60, ...encoded(params), ...encoded(results)];
  const body = [
    // No locals. block (any exception), block (result externref) (one of JavaScript).
    ...[0x00, 0x02, EMPTY, 0x02, EXTERNREF],
    // try_table, of the type () -> (results), with two clauses: catch 0 to the inner block,
    // catch_all to the outer one.
    ...[0x1f, ...blockOf(results), 0x02, 0x00, 0x00, 0x00, 0x02, 0x01],
    ...params.flatMap((_, index) => [0x20, ...encodeUnsigned(index)]),
    // call imported, end of try_table; call returned, return; end of the inner block: call failed,
    // unreachable.
    ...[0x10, FUNCTION.imported, 0x0b, 0x10, FUNCTION.returned, 0x0f, 0x0b, 0x10, FUNCTION.failed, 0x00],
    // End of the outer block: ref.null extern, call failed, unreachable, end.
    ...[0x0b, 0xd0, EXTERNREF, 0x10, FUNCTION.failed, 0x00, 0x0b],
  ];
  return new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, [type, [0x60, 1, EXTERNREF, 0], [0x60, 0, 0], [0x60, 0, ...encoded(results)]]),
    ...section(2, [
      imported('imported', [0, TYPE.imported]),
      imported('failed', [0, TYPE.takesReference]),
      imported('returned', [0, TYPE.nothing]),
      imported('thrown', [4, 0, TYPE.takesReference]),
    ]),
    ...section(3, [[TYPE.imported]]),
    ...section(7, [[...encodeName('guard'), 0, FUNCTION.guard]]),
    ...section(10, [[...encodeUnsigned(body.length), ...body]]),
  ]);
}

/** The type of a block without parameters: nothing, its result, or the index of the fourth type. */
function blockOf(results: readonly string[]): readonly number[] {
  const [only] = results;
  if (only === undefined) return [EMPTY];
  return results.length === 1 ? encodeValueType(only) : [3];
}

/**
 * What a module calls instead of an imported `WebAssembly.Suspending`: like {@link guardImport},
 * for a function that may suspend the module.
 *
 * @returns `undefined` when there is none: the type is the module's own, or the engine has no
 * `WebAssembly.JSTag` or no `try_table`. Then the module is given the value itself, and can catch
 * what comes out of it.
 */
export function suspendingGuard(declared: ImportedFunction, value: object, meter: Meter): unknown {
  // Older engines have none, whatever the compiler's types say.
  const { JSTag }: { readonly JSTag?: WebAssembly.Tag } = WebAssembly;
  if (JSTag === undefined || declared.distinct) return undefined;
  if ([...declared.params, ...declared.results].some(namesOwnType)) return undefined;
  const bytes = guardBytes(declared);
  if (!WebAssembly.validate(bytes)) return undefined;
  const failed = (thrown: unknown): void => {
    meter.fail({ kind: 'HostFunction', function: declared.name, reason: reasonOf(thrown) }, thrown);
  };
  const returned = (): void => {
    meter.readClock();
  };
  const guard: Record<string, unknown> = { imported: value, failed, returned, thrown: JSTag };
  // The compiler's types of imports know neither a Suspending nor a tag.
  const imports = { guard } as WebAssembly.Imports;
  return new WebAssembly.Instance(compileHere(bytes), imports).exports.guard;
}
