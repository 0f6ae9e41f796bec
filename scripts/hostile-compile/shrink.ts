import type { Recipe } from './build-module.ts';
import type { Outcome } from './try-module.ts';

/** Runs a module; gives what became of it. */
export type Run = (recipe: Recipe) => Promise<Outcome>;

/**
 * Makes a module smaller while it still misses an aim: without parts of it first, then with half
 * the size.
 */
export async function shrink(found: Outcome, aim: string, run: Run, timeMs: number): Promise<Outcome> {
  const until = performance.now() + timeMs;
  let least = found;
  const fails = async (recipe: Recipe): Promise<boolean> => {
    if (performance.now() > until) return false;
    const outcome = await run(recipe);
    if (!outcome.misses.some((miss) => miss.aim === aim)) return false;
    least = outcome;
    return true;
  };
  for (let index = 0; index < least.recipe.parts.length && least.recipe.parts.length > 1; ) {
    const { recipe } = least;
    if (!(await fails({ ...recipe, parts: recipe.parts.filter((_, at) => at !== index) }))) index++;
  }
  while (least.recipe.copies > 1 && (await fails({ ...least.recipe, copies: Math.floor(least.recipe.copies / 2) })));
  for (let index = 0; index < least.recipe.parts.length; index++) {
    const smaller = (): Recipe => {
      const { recipe } = least;
      return {
        ...recipe,
        parts: recipe.parts.map((part, at) =>
          at === index ? { ...part, size: Math.max(1, Math.floor(part.size / 2)) } : part,
        ),
      };
    };
    while ((least.recipe.parts[index]?.size ?? 1) > 1 && (await fails(smaller())));
  }
  return least;
}
