import { exportedFunctions, findPreparedMetering, isMetered, type MeteringInfo } from '../metering/metering-section.ts';
import type { FunctionType } from '../wasm/index.ts';
import { BuildPluginError } from './build-error.ts';
import { type LinkInfo, linkOf } from './link-section.ts';

/**
 * Describes what was written into a plugin's module: metering, the kernel, both or neither. A
 * custom section of the module describes each.
 */
export class Preparation {
  /** What running the metering needs; `undefined` if there is none. */
  readonly metering: MeteringInfo | undefined;
  /** What running the linked kernel needs; `undefined` if the kernel has an instance of its own. */
  readonly link: LinkInfo | undefined;

  constructor(metering?: MeteringInfo | undefined, link?: LinkInfo | undefined) {
    this.metering = metering;
    this.link = link;
  }

  /**
   * Reads the sections of a compiled module.
   *
   * @throws BuildPluginError `NotPrepared` if another version of this package wrote a section.
   */
  static of(module: WebAssembly.Module): Preparation {
    const link = linkOf(module);
    return new Preparation(isMetered(module) ? meteringOf(module) : undefined, link);
  }

  /** Whether nothing was written into the module: its bytes are the original's. */
  get isEmpty(): boolean {
    return this.metering === undefined && this.link === undefined;
  }

  /**
   * The name under which the module exports the original start function; `undefined` if there was
   * none. Metering comes before linking, so the link of a metered module finds no start function.
   */
  get start(): string | undefined {
    return [this.metering?.start, this.link?.start].find((name) => name !== undefined);
  }

  /**
   * The types of the functions that the original exports, by name, as far as the sections list
   * them.
   */
  get exportTypes(): ReadonlyMap<string, FunctionType> {
    const typed = this.metering === undefined ? [] : exportedFunctions(this.metering);
    return new Map(typed.map(({ name, ...type }) => [name, type]));
  }

  /** Whether metering or the link exports something under this name. */
  addsExport(name: string): boolean {
    const { metering, link } = this;
    if (link !== undefined && name.startsWith(link.exportPrefix)) return true;
    return metering !== undefined && (name === metering.start || Object.values(metering.globals).includes(name));
  }
}

function meteringOf(module: WebAssembly.Module): MeteringInfo {
  const found = findPreparedMetering(module);
  if (typeof found === 'string') throw new BuildPluginError({ kind: 'NotPrepared', reason: found });
  return found;
}
