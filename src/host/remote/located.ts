import { type WithStack, withSaid, withStack } from '../../metering/run/trap-stack.ts';
import { isObject } from '../../option-rules.ts';
import { isUint8Array } from '../../realms.ts';

/**
 * The field that holds what a failure does not show: structured cloning leaves out properties that
 * are not enumerable. Maps of plugins may have such a name too: see {@link escaped}.
 */
const LOCATED = '$located';

/** Writes a name so that it differs from {@link LOCATED}. */
const escaped = (name: string): string => (name.startsWith('$') ? `$${name}` : name);

/** Undoes {@link escaped}. */
const unescaped = (name: string): string => (name.startsWith('$') ? name.slice(1) : name);

/** What {@link WithStack} adds to a failure. */
type Located = Pick<WithStack, 'stack' | 'said'>;

/** Copies a plain value. The stacks in its failures become fields that are cloned. */
export function exposed(value: unknown): unknown {
  if (!isObject(value) || isUint8Array(value)) return value;
  if (Array.isArray(value)) return value.map(exposed);
  const fields = Object.fromEntries(Object.entries(value).map(([name, field]) => [escaped(name), exposed(field)]));
  const located = locatedOf(value);
  return located === undefined ? fields : { ...fields, [LOCATED]: located };
}

function locatedOf(value: object): Located | undefined {
  const has = (name: string): boolean => Object.getOwnPropertyDescriptor(value, name)?.enumerable === false;
  if (!has('stack') && !has('said')) return undefined;
  // Both are read by name: they are not enumerable.
  const { stack, said }: Located = value;
  return { stack, said };
}

/** Undoes {@link exposed}. */
export function restored(value: unknown): unknown {
  if (!isObject(value) || isUint8Array(value)) return value;
  if (Array.isArray(value)) return value.map(restored);
  const { [LOCATED]: located, ...others }: { readonly [LOCATED]?: Located } = value;
  const fields = Object.fromEntries(Object.entries(others).map(([name, field]) => [unescaped(name), restored(field)]));
  if (located === undefined) return fields;
  const { stack, said } = located;
  withStack(fields, () => stack);
  return said === undefined ? fields : withSaid(fields, said);
}
