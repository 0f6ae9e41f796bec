import type { PluginOptions } from '../../../plugin/options.ts';
import type { LayerBudget } from '../../../protocol/layer-call.ts';
import type { Vector } from '../vector.ts';

type Budget = Vector<'handshake'>['budget'];

/** The budget of a handshake or self-check. Time has no limit unless the vector sets one. */
export function layerBudget(budget: Budget): LayerBudget {
  return {
    fuel: fuelOf(budget),
    wallMs: budget?.wall_ms ?? Number.POSITIVE_INFINITY,
    memoryMaxPages: budget?.memory_pages ?? undefined,
    initialMemoryMaxPages: budget?.initial_memory_pages ?? undefined,
    tableMaxEntries: budget?.table_entries ?? undefined,
  };
}

/** The budget of a plugin that a host builds. Time has no limit unless the vector sets one. */
export function pluginBudget(budget: Budget): PluginOptions {
  return { ...layerBudget(budget), stackSlots: budget?.stack_slots ?? undefined };
}

/** The fuel of a budget; `undefined` if it sets none. */
export function fuelOf(budget: Budget): number | undefined {
  const { fuel } = budget ?? {};
  return fuel === null || fuel === undefined ? undefined : Number(fuel);
}
