import type { Generation } from '../../generation/index.ts';
import { hooks } from '../../hooks/index.ts';
import { jsonFormOf } from '../../hooks/json-form.ts';
import { opaque } from '../../json/declare.ts';
import type { Declaration } from '../../json/type.ts';
import { functionsOf, wireVersions } from '../../protocol/messages/wire-versions.ts';

/** What a plugin can be called for: a wire function in one wire version, or a hook. */
export interface Callable {
  readonly generation: Generation;
  /** The name of the wire function or hook. */
  readonly name: string;
  /** The type of the request as JSON, by the version of its messages: the oldest first. */
  readonly requests: ReadonlyMap<string, Declaration>;
}

/** Everything that a plugin of a generation can be called for, in the order of the protocol. */
export function callablesOf(generation: Generation): readonly Callable[] {
  return generation === 1 ? wireCallables() : hookCallables();
}

/** What is called: a wire function or hook by its name, and the version of its messages. */
export interface CallTarget {
  readonly name: string;
  /** `v1`, `v2` or `v3`. */
  readonly version: string;
}

/** Reads a target as the address of the page has it, `shape-v1`; `undefined` if there is none. */
export function targetOf(callables: readonly Callable[], text: string): CallTarget | undefined {
  const [name = '', version] = text.split('-');
  const callable = callables.find((each) => each.name === name);
  if (callable === undefined) return undefined;
  const versions = [...callable.requests.keys()];
  const known = versions.find((each) => each === version) ?? versions.at(-1);
  return known === undefined ? undefined : { name, version: known };
}

/** What is called at first: what the plugin implements, in the order of the protocol. */
export function firstTarget(generation: Generation, implemented: readonly string[]): CallTarget {
  const callables = callablesOf(generation);
  const { name, requests } = callables.find((each) => implemented.includes(each.name)) ?? callables[0] ?? NO_CALLABLE;
  return { name, version: [...requests.keys()].at(-1) ?? '' };
}

/** Stands for the first of an empty list, which no generation has. */
const NO_CALLABLE: Pick<Callable, 'name' | 'requests'> = { name: '', requests: new Map() };

/** Writes a target for the address of the page. */
export function targetText({ name, version }: CallTarget): string {
  return `${name}-${version}`;
}

/** The type of the request of a target, as JSON: any JSON if the version does not declare it. */
export function requestTypeOf(callables: readonly Callable[], { name, version }: CallTarget): Declaration {
  return callables.find((each) => each.name === name)?.requests.get(version) ?? opaque;
}

function hookCallables(): readonly Callable[] {
  return hooks.map(({ name, request }) => ({
    generation: 2,
    name,
    requests: new Map([['v1', jsonFormOf(request).type]]),
  }));
}

function wireCallables(): readonly Callable[] {
  const byName = new Map<string, Map<string, Declaration>>();
  for (const version of wireVersions) {
    for (const { name, schemas } of functionsOf(version)) {
      const requests = byName.get(name) ?? new Map<string, Declaration>();
      byName.set(name, requests.set(version, schemas.request));
    }
  }
  return [...byName].map(([name, requests]) => ({ generation: 1, name, requests }));
}
