import type { Kind } from '../kind.ts';
import { branchKinds } from './branches.ts';
import { callKinds } from './calls.ts';
import { codeKinds } from './code.ts';
import { exceptionKinds } from './exceptions.ts';
import { kernelKinds } from './kernel.ts';
import { spaceKinds } from './spaces.ts';

/** All kinds of hostile modules. */
export const kinds: readonly Kind[] = [
  ...branchKinds,
  ...codeKinds,
  ...callKinds,
  ...exceptionKinds,
  ...spaceKinds,
  ...kernelKinds,
];

/** The kind of a name. @throws Error that names all. */
export function kindNamed(name: string): Kind {
  const found = kinds.find((kind) => kind.name === name);
  if (found === undefined)
    throw new Error(`there is no kind ${name}: expected one of ${kinds.map((kind) => kind.name).join(', ')}`);
  return found;
}
