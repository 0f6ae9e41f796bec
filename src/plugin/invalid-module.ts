import { reasonOf } from '../failure.ts';
import type { BuildPluginError } from './build-error.ts';
import { CompilePluginError } from './compile-error.ts';

/**
 * What engines write before the byte offset of a compile error: V8 `@+37`, JavaScriptCore `at byte
 * 37`, SpiderMonkey `at offset 37`.
 */
const ENGINE_OFFSET = /(?:@\+|at byte |at offset )(\d+)/;

/** Makes the error for a module that the engine refused. */
export function invalidModule(error: unknown, reason: string = reasonOf(error)): BuildPluginError {
  const offset = ENGINE_OFFSET.exec(reason)?.[1];
  const failure = { kind: 'InvalidModule', offset: offset === undefined ? undefined : Number(offset), reason } as const;
  return new CompilePluginError(failure, { cause: error });
}
