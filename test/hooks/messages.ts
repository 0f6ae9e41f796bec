import * as common from '../../src/hooks/messages/common.ts';
import * as filter from '../../src/hooks/messages/filter.ts';
import * as shape from '../../src/hooks/messages/shape.ts';

/** All types of the hook ABI that have a name. */
export const messages = [common, filter, shape].flatMap((module) => Object.values(module));

/** Returns the struct or enum of a name. */
export function messageNamed(name: string): (typeof messages)[number] {
  const found = messages.find((type) => (type.kind === 'struct' || type.kind === 'enum') && type.name === name);
  if (found === undefined) throw new Error(`no type has the name ${name}`);
  return found;
}
