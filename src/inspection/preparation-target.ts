import { canLink } from '../plugin/link.ts';
import { countMemories } from './prepared.ts';

/** A kind of host that a plugin is prepared for. */
export interface PreparationTarget {
  /** The name of the host in messages. */
  readonly title: string;
  /** Whether its engine supports more than one memory in a module. */
  readonly multiMemory: boolean;
  /** Whether it may compile at run time, as the form *instance* needs. */
  readonly compiles: boolean;
}

/** The names of the hosts, as `--for` takes them. */
export const preparationTargetNames = ['node20', 'node', 'deno', 'bun', 'browser', 'workers'] as const;

/** The name of a {@link PreparationTarget}. */
export type PreparationTargetName = (typeof preparationTargetNames)[number];

/** What hosts can do. Some browsers support one memory only, so none is asked for more. */
export const preparationTargets: Readonly<Record<PreparationTargetName, PreparationTarget>> = {
  node20: { title: 'Node 20', multiMemory: false, compiles: true },
  node: { title: 'Node 22', multiMemory: true, compiles: true },
  deno: { title: 'Deno', multiMemory: true, compiles: true },
  bun: { title: 'Bun', multiMemory: true, compiles: true },
  browser: { title: 'a browser', multiMemory: false, compiles: true },
  workers: { title: 'an edge worker', multiMemory: true, compiles: false },
};

/** The host that runs this. */
export function ownTarget(): PreparationTarget {
  return { title: 'this engine', multiMemory: canLink(), compiles: true };
}

/** Where the kernel must be so that a host can load a prepared plugin. */
export function kernelFor({ multiMemory }: PreparationTarget): 'linked' | 'instance' {
  return multiMemory ? 'linked' : 'instance';
}

/**
 * Says why a host cannot load or use a prepared plugin.
 *
 * @param kernel where its kernel is; `undefined` for a hook plugin.
 * @returns `undefined` if nothing is known against it.
 */
export function targetWarning(
  prepared: Uint8Array,
  { title, multiMemory, compiles }: PreparationTarget,
  kernel: 'linked' | 'instance' | undefined,
): string | undefined {
  const memories = countMemories(prepared);
  if (memories > 1 && !multiMemory) {
    const reason = `${title} cannot load the prepared module, because it has ${memories} memories`;
    return kernel === 'linked' ? `${reason}: with --kernel instance, or --for node20, it has one less` : reason;
  }
  if (kernel === 'instance' && !compiles)
    return `${title} may not compile the kernel at run time: --kernel linked puts it into the module`;
  return undefined;
}
