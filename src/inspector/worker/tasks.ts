import { viewFunction } from '../wat/function-view.ts';
import { findFunctions } from '../wat/functions.ts';
import { admit } from './admission.ts';
import { callOnce, callRepeatedly, resetInstance, sampleRequest } from './calls.ts';
import { verify } from './conformance.ts';
import { describe } from './describe.ts';
import { meter, prepare } from './metering.ts';
import { sections } from './sections.ts';

/**
 * What the worker can do, by name. A task gets plain values, may report progress with its second
 * argument, and returns plain values or a promise of them: what a message can carry. What it
 * throws becomes a report of the failure.
 */
export const tasks = {
  describe,
  admit,
  meter,
  prepare,
  verify,
  sections,
  functions: findFunctions,
  function: viewFunction,
  sampleRequest,
  callOnce,
  callRepeatedly,
  resetInstance,
};

type Tasks = typeof tasks;

/** The name of a task. */
export type TaskName = keyof Tasks;

/** What a task gets. */
export type InputOf<Name extends TaskName> = Parameters<Tasks[Name]>[0];

/** What a task returns. */
export type ResultOf<Name extends TaskName> = Awaited<ReturnType<Tasks[Name]>>;

/** What a task reports while it runs; `never` if it reports nothing. */
export type ProgressOf<Name extends TaskName> =
  Parameters<Tasks[Name]> extends [unknown, (progress: infer Progress) => void] ? Progress : never;
