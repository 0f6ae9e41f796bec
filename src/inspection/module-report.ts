import { type Generation, generationOf } from '../generation/index.ts';
import type { HookName } from '../hooks/hook.ts';
import { isMetered } from '../metering/index.ts';
import { compilePlugin } from '../plugin/index.ts';
import { readIdentity } from '../protocol/identity.ts';
import type { PluginIdentity } from '../protocol/messages/index.ts';
import { readModule, readSections, type Section, sectionName, type WasmModule } from '../wasm/index.ts';
import { type FailureReport, reportedResult } from './failure-report.ts';
import { type HookModuleReport, reportHookModule } from './hook-module-report.ts';
import { type ModuleContents, reportContents } from './module-contents.ts';
import { formatHex } from './module-types.ts';
import { type Additions, additionsOf, type PreparationAdditions, separate } from './preparation-report.ts';
import { isPrepared, needsTwoMemories } from './prepared.ts';

export type {
  ExportReport,
  ImportReport,
  MemoryReport,
  ModuleContents,
  ProtocolFunctionReport,
} from './module-contents.ts';
export type { PreparationAdditions } from './preparation-report.ts';

/**
 * A section. Offset and size are in bytes and include the fields id and size, so the header (8
 * bytes) and all sizes add up to the length of the module.
 */
export interface SectionReport {
  readonly id: number;
  /** The specification's name. */
  readonly name: string;
  /** The name of a custom section. */
  readonly customName?: string;
  readonly offset: number;
  readonly size: number;
}

/** What the bytes of a module say. Nothing is run. */
export interface ModuleReport extends HookModuleReport {
  readonly file: string;
  /** The generation of the plugin; missing if the exports are those of neither. */
  readonly generation?: Generation;
  /** The length of the file, in bytes. */
  readonly bytes: number;
  /** The first eight bytes at most, in hexadecimal: a module's magic and version. */
  readonly header: string;
  /** Whether the module is well-formed and the engine accepts it. */
  readonly valid: boolean;
  /** Whether the module has the section that preparation writes. */
  readonly prepared: boolean;
  /** Why the module is not valid. */
  readonly error?: FailureReport;
  /** The sections; those before the fault if the module is malformed. */
  readonly sections: readonly SectionReport[];
  /**
   * What the sections say; missing if they cannot be read. If the module is prepared, that is what
   * the original had.
   */
  readonly contents?: ModuleContents;
  /** What preparation added; missing if the module is not prepared, or cannot be used as such. */
  readonly preparation?: PreparationAdditions;
  /** The identity of a plugin of generation 1. */
  readonly identity?: PluginIdentity;
  /** Why the identity is missing. */
  readonly identityError?: FailureReport;
}

/** What to do if the engine refuses a prepared module only because it supports one memory. */
const LOADS_ELSEWHERE: Pick<FailureReport, 'hint'> = {
  hint:
    'Inspect the original, or inspect this file on an engine that supports two memories in a module, such as a newer ' +
    'Node: preparation added the second. For a host on this engine, prepare the original with `--for node20`.',
};

/**
 * Reports on a module without running it.
 *
 * @param file the name of the file, for the report.
 * @param bytes any bytes, also those of no module.
 * @param generation as what the module is reported on.
 * @param slot the slot for which a hook plugin is; that of its hooks by default.
 */
export function reportModule(file: string, bytes: Uint8Array, generation: Generation, slot?: HookName): ModuleReport {
  const read = reportedResult(() => readModule(bytes));
  // Unmetered: a module may be valid without being fit for metering.
  const compiled = reportedResult(() => compilePlugin(bytes, { metering: false }));
  const fault = read.ok ? compiled : read;
  const prepared = compiled.ok && isMetered(compiled.value.module) ? compiled.value.module : undefined;
  const known = generationOf(bytes);
  const isPreparedFile = isPrepared(bytes);
  return {
    file,
    ...(known === undefined ? {} : { generation: known }),
    bytes: bytes.length,
    header: formatHex(bytes.subarray(0, 8)),
    valid: fault.ok,
    prepared: isPreparedFile,
    ...(fault.ok
      ? {}
      : { error: { ...fault.error, ...(isPreparedFile && needsTwoMemories(bytes) && LOADS_ELSEWHERE) } }),
    sections: readableSections(bytes).map(reportSection),
    ...(read.ok ? describe(read.value, prepared && additionsOf(prepared, generation), generation) : {}),
    ...(generation === 1 ? reportIdentity(bytes) : reportHookModule(prepared ?? bytes, slot)),
  };
}

/** Describes what a module has; of a prepared one, what the original had, and what was added. */
function describe(
  module: WasmModule,
  additions: Additions | undefined,
  generation: Generation,
): Pick<ModuleReport, 'contents' | 'preparation'> {
  const contents = reportContents(module, additions?.modules ?? {}, generation);
  return additions === undefined ? { contents } : separate(module, contents, additions);
}

function reportIdentity(bytes: Uint8Array): Pick<ModuleReport, 'identity' | 'identityError'> {
  const identity = reportedResult(() => readIdentity(bytes));
  return identity.ok ? { identity: identity.value } : { identityError: identity.error };
}

/** The sections before the first that cannot be read. */
function readableSections(bytes: Uint8Array): Section[] {
  const sections: Section[] = [];
  // readModule walks the same way and reports what stopped the walk.
  reportedResult(() => {
    for (const section of readSections(bytes)) sections.push(section);
  });
  return sections;
}

function reportSection({ id, name, offset, end }: Section): SectionReport {
  const report = { id, name: sectionName(id), offset, size: end - offset };
  return name === undefined ? report : { ...report, customName: name };
}
