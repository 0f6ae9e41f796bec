import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import { encodeArchive } from '../../../src/hooks/archive/encode.ts';
import { layoutOf } from '../../../src/hooks/archive/layout.ts';
import type { ArchiveDeclaration } from '../../../src/hooks/archive/type.ts';
import { hooks } from '../../../src/hooks/hook.ts';
import type { HookOutcome, HookPlugin } from '../../../src/hooks/plugin.ts';
import {
  filterSample,
  shapeSample,
  transformResponseSample,
  transformSseEventSample,
} from '../../../src/hooks/samples.ts';
import { damaged, damages } from '../../hooks/archive/damage.ts';
import { slowRead } from '../../hooks/archive/slow-reader.ts';
import { valuesOf } from '../../hooks/archive/values.ts';
import { admittedFixture } from '../../hooks/hook-fixture.ts';
import { property } from './property.ts';

/** A plugin that answers with the bytes that it gets. */
const echo = await admittedFixture('hostile/echo');

type Ask = (plugin: HookPlugin, request_id: string, body: Uint8Array) => HookOutcome<unknown>;

/** The hooks in the order of their table. */
const asks: readonly Ask[] = [
  (plugin, request_id, body) => plugin.filter({ ...filterSample(), request_id, body }),
  (plugin, request_id, body) => plugin.shape({ ...shapeSample(), request_id, body }),
  (plugin, request_id, body) => plugin.transformResponse({ ...transformResponseSample(), request_id, body }),
  (plugin, request_id, data) =>
    plugin.transformSseEvent({ ...transformSseEventSample(), request_id, event: { event: '', data } }),
];

interface Answer {
  /** The index of the hook. */
  readonly hook: number;
  readonly bytes: Uint8Array;
  /** How many bytes lie in front of the answer, which decides its alignment in the memory. */
  readonly shift: number;
}

const answers: fc.Arbitrary<Answer> = fc.nat({ max: asks.length - 1 }).chain((hook) => {
  const type = responseTypeOf(hook);
  const archive = valuesOf(type).map((value) => encodeArchive<unknown>(type, value));
  const bytes = fc.oneof(
    archive,
    { weight: 8, arbitrary: fc.tuple(archive, damages).map(([original, damage]) => damaged(original, damage)) },
    fc.uint8Array({ maxLength: 300 }),
  );
  return fc.record({ hook: fc.constant(hook), bytes, shift: fc.nat({ max: 16 }) });
});

function responseTypeOf(hook: number): ArchiveDeclaration {
  const found = hooks[hook];
  if (found === undefined) throw new Error('there is no such hook');
  return found.response;
}

/**
 * A plugin's answer is read if and only if it follows the rules. Its value takes no more room than
 * the answer.
 */
export const hookAnswers = property<Answer>({
  name: 'hook-answers',
  oracle: 'the rules of rkyv, in a plain reader',
  values: answers,
  check: ({ hook, bytes, shift }) => {
    const ask = asks[hook];
    if (ask === undefined) throw new Error('there is no such hook');
    const type = responseTypeOf(hook);
    const outcome = ask(echo, 'e'.repeat(1 + shift), bytes);
    const expected = bytes.length === 0 ? undefined : slowRead(type, bytes);
    if (outcome.kind === 'ok') {
      assert.equal({ value: outcome.response }, expected);
      const size = layoutOf(type).size + pointedTo(type, outcome.response);
      assert.ok(size <= bytes.length, `a value of ${size} bytes from an answer of ${bytes.length}`);
      return;
    }
    assert.is(expected, undefined, 'a sound answer is refused');
    const { failure, phase, upstream } = outcome.error;
    if (bytes.length === 0) assert.equal([failure.kind, phase, upstream], ['EmptyAnswer', 'reject', 'ModuleRejected']);
    else assert.equal([failure.kind, phase, upstream], ['MalformedResponse', 'response', null]);
    if (failure.kind === 'MalformedResponse') assert.ok(failure.offset >= 0 && failure.offset <= bytes.length);
  },
});

/** The bytes that a value points to in an archive: texts, bytes, and the elements of lists. */
function pointedTo(type: ArchiveDeclaration, value: unknown): number {
  // The casts: the value is one of the declared type.
  switch (type.kind) {
    case 'number':
      return 0;
    case 'string':
      return new TextEncoder().encode(value as string).length;
    case 'bytes':
      return (value as Uint8Array).length;
    case 'list':
      return sum((value as readonly unknown[]).map((item) => layoutOf(type.of).size + pointedTo(type.of, item)));
    case 'option':
      return value === null ? 0 : pointedTo(type.of, value);
    case 'struct':
      return sum(type.fields.map((field) => pointedTo(field.type, (value as Record<string, unknown>)[field.name])));
    case 'enum': {
      const { kind, ...rest } = value as Record<string, unknown>;
      const fields = type.variants.find(({ name }) => name === kind)?.fields ?? [];
      return sum(fields.map((field) => pointedTo(field.type, rest[field.name])));
    }
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
