import { isMemory } from '../../realms.ts';
import { MeteringError } from '../error.ts';
import { type ImportedFunction, importedFunctions, type MeteringInfo } from '../metering-section.ts';
import { countGrowth } from './count-growth.ts';
import { guardImport, type HostExceptions, type JsFunction, propagatingGuard } from './guard-import.ts';
import { isWebAssemblyFunction } from './js-values.ts';
import type { Meter } from './meter.ts';
import { meterImports } from './meter-imports.ts';
import { isSuspending, suspendingGuard } from './suspending.ts';

/**
 * The import object of a metered module: what the original imports, and the meter's functions.
 *
 * A JavaScript function among them stands behind another, so that the clock is read whenever one
 * was called, and so that what it throws ends the run where nothing in the module can catch it,
 * unless it is to propagate. So does a `WebAssembly.Suspending`. WebAssembly functions are passed
 * on as they are, and what comes out of them is as if the module had thrown it.
 *
 * The caller's objects are read here and not by the engine, each name once, and are not changed:
 * they may be frozen, have accessors, or be proxies. Only a memory among them changes: its growth
 * is counted.
 *
 * @throws MeteringError `InvalidArgument` when a function is imported that no JavaScript function
 * can be, and one is given; whatever the caller's own accessors throw.
 */
export function meteredImports(
  module: WebAssembly.Module,
  info: MeteringInfo,
  imports: WebAssembly.Imports,
  meter: Meter,
  exceptions: HostExceptions = 'end',
): WebAssembly.Imports {
  const given = new Map<string, GivenModule>();
  const declared = inOrder(importedFunctions(info));
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    if (from === info.importModule) continue;
    const { source, fields } = entry(given, from, () => ({ source: imports[from], fields: new Map() }));
    // The engine rejects a module that is not an object.
    if (!isObject(source)) continue;
    const field = entry(fields, name, () => ({ value: source[name], provided: [] }));
    if (isMemory(field.value)) countGrowth(field.value, meter);
    field.provided.push(
      kind === 'function' ? importedFunction(declared(from, name), field.value, meter, exceptions) : field.value,
    );
  }
  const modules = [...given].map(([name, { source, fields }]) => [name, isObject(source) ? provided(fields) : source]);
  // A list of entries, because a module may have any name: `__proto__` is one.
  return Object.fromEntries([...modules, ...Object.entries(meterImports(info, meter))]);
}

/** What the caller gives for the imports from one module. */
interface GivenModule {
  readonly source: unknown;
  readonly fields: Map<string, { readonly value: unknown; readonly provided: unknown[] }>;
}

function entry<V>(map: Map<string, V>, key: string, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/**
 * Finds imported functions that are asked for in their order. An engine leaves those out that it
 * has built in.
 */
function inOrder(functions: readonly ImportedFunction[]): (module: string, name: string) => ImportedFunction {
  let importIndex = 0;
  return (module, name) => {
    for (;;) {
      const next = functions[importIndex++];
      if (next === undefined) {
        const expected = 'a module whose metering section lists the functions that it imports';
        throw new MeteringError({ kind: 'InvalidArgument', argument: 'module', expected });
      }
      if (next.module === module && next.name === name) return next;
    }
  };
}

/** Why a JavaScript function is refused. */
const NO_GUARD =
  'since its type has vectors or exceptions, or a result of a type that the module defines: ' +
  'JavaScript has no value for those, or none that can be checked';

/** What a function import is given. The engine rejects other values. */
function importedFunction(
  declared: ImportedFunction,
  value: unknown,
  meter: Meter,
  exceptions: HostExceptions,
): unknown {
  if (isSuspending(value)) return exceptions === 'end' ? (suspendingGuard(declared, value, meter) ?? value) : value;
  if (typeof value !== 'function' || isWebAssemblyFunction(value)) return value;
  const call = value as JsFunction; // a function of JavaScript takes and gives anything
  if (exceptions === 'propagate') return propagatingGuard(call, meter);
  return guardImport(declared, call, meter) ?? refuse(declared, `a function of WebAssembly, ${NO_GUARD}`);
}

function refuse({ module, name }: ImportedFunction, expected: string): never {
  const argument = `imports[${JSON.stringify(module)}][${JSON.stringify(name)}]`;
  throw new MeteringError({ kind: 'InvalidArgument', argument, expected });
}

function provided(fields: GivenModule['fields']): WebAssembly.ModuleImports {
  const properties = [...fields].map(([name, { provided }]) => [name, property(provided)]);
  return Object.create(null, Object.fromEntries(properties));
}

/**
 * What is imported more than once under one name may have to be different things, since guards
 * depend on the type of the import. The engine reads all imports in their order, each once
 * (WebAssembly JavaScript API, "read the imports").
 */
function property(values: readonly unknown[]): PropertyDescriptor {
  const [first] = values;
  if (values.every((value) => value === first)) return { value: first };
  const each = values.values();
  return { get: () => each.next().value };
}
