import type { Generation } from '../generation/index.ts';
import type { MeteringInfo, MeteringOptions } from '../metering/index.ts';
import { meterImports } from '../metering/layout.ts';
import type { FunctionEdits } from '../metering/rewrite/function-meter.ts';
import { meterReadModule } from '../metering/rewrite/meter-module.ts';
import { alwaysPresent } from '../metering/rewrite/support-functions.ts';
import { kernelFuel } from '../plugin/compile.ts';
import { readModule } from '../wasm/index.ts';

/** A metered plugin, and what was done to its functions. */
export interface MeteringTrace {
  readonly metered: Uint8Array<ArrayBuffer>;
  /** By the index of the function in the original. */
  readonly edits: ReadonlyMap<number, FunctionEdits>;
  readonly added: AddedNames;
  /** The index in the metered module of a function of the original. */
  readonly indexOf: (functionIndex: number) => number;
}

/** The names of the functions and globals that metering adds, by index in the metered module. */
export interface AddedNames {
  readonly functions: ReadonlyMap<number, string>;
  readonly globals: ReadonlyMap<number, string>;
  /** The index of the first function that comes after those of the original. */
  readonly firstSupportFunction: number;
}

const REFUSED = { allowGc: false, allowSharedMemory: false, allowWaits: false } as const;

/** How a host meters plugins of each generation by default. */
export const HOST_METERING: Readonly<Record<Generation, MeteringOptions>> = {
  1: { ...REFUSED, importFuel: kernelFuel },
  2: REFUSED,
};

/**
 * Meters a plugin, without a kernel that is linked into it, and notes what is done to its
 * functions.
 *
 * @param bytes of a plugin that is not prepared.
 * @param options such as those of {@link HOST_METERING}.
 * @param wanted which functions, by index, to note it of.
 * @throws MeteringError if it cannot be metered.
 */
export function traceMetering(
  bytes: Uint8Array<ArrayBuffer>,
  options: MeteringOptions,
  wanted: (functionIndex: number) => boolean,
): MeteringTrace {
  const edits = new Map<number, FunctionEdits>();
  const { bytes: metered, info } = meterReadModule(bytes, options, undefined, (functionIndex, done) => {
    if (wanted(functionIndex)) edits.set(functionIndex, done());
  });
  const { imported, added } = info.functions;
  const indexOf = (functionIndex: number): number => (functionIndex < imported ? functionIndex : functionIndex + added);
  return { metered, edits, added: addedNames(metered, info), indexOf };
}

function addedNames(
  metered: Uint8Array,
  { functions: { imported, added, defined }, globals }: MeteringInfo,
): AddedNames {
  const firstSupportFunction = imported + added + defined;
  const globalNames = new Map<number, string>();
  for (const { kind, name, index } of readModule(metered).exports) {
    if (kind !== 'global') continue;
    for (const [global, exported] of Object.entries(globals)) if (exported === name) globalNames.set(index, global);
  }
  return {
    functions: new Map([
      ...Object.keys(meterImports).map((name, at) => [imported + at, name] as const),
      ...alwaysPresent.map((name, at) => [firstSupportFunction + at, name] as const),
    ]),
    globals: globalNames,
    firstSupportFunction,
  };
}
