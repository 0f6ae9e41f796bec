import { type Generation, generationOf } from '../../generation/index.ts';
import type { Option } from '../program/command.ts';
import { CommandLineError } from '../program/command-line-error.ts';

/**
 * Tells which generation's rules a command applies to a plugin. A module whose exports do not tell
 * is taken for what the given options are for, and else for generation 1.
 *
 * @param options the options of the command by name.
 * @param args what was given for them.
 * @throws CommandLineError `OtherGeneration` if an option is given that the plugin's generation
 * does not have.
 */
export function generationFor(
  wasm: Uint8Array,
  options: Readonly<Record<string, Option>>,
  args: Readonly<Record<string, unknown>>,
): Generation {
  const bound = Object.entries(options).flatMap(([name, { only }]) =>
    only !== undefined && isGiven(args[name]) ? [{ option: `--${name}`, ...only }] : [],
  );
  const generation = generationOf(wasm) ?? bound[0]?.generation ?? 1;
  const foreign = bound.find((each) => each.generation !== generation);
  if (foreign === undefined) return generation;
  const { option, because: reason } = foreign;
  throw new CommandLineError({ kind: 'OtherGeneration', option, generation: foreign.generation, reason });
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0);
}
