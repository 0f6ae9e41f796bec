import { FINGERPRINT_SIZE } from './fingerprint.ts';
import { HookInspectError } from './inspect-error.ts';
import { METADATA_SECTION_NAME } from './metadata.ts';

const SCHEMA_PREFIX = 'cc_lb.schema.';

/** A custom section of the hook ABI. The last of one name counts. */
export interface HookSection {
  readonly payload: Uint8Array;
  /** The offset of the payload, in bytes from the start of the plugin's own module. */
  readonly offset: number;
  /** How many sections have this name. */
  readonly count: number;
}

/** What inspection needs of a module's sections. */
export interface HookSections {
  readonly exports: readonly { readonly name: string; readonly kind: string }[];
  /** The sections of the hook ABI by name. */
  readonly custom: ReadonlyMap<string, HookSection>;
}

/** Collects the custom sections of the hook ABI. */
export class CustomSections {
  readonly byName = new Map<string, HookSection>();

  /**
   * Adds a section.
   *
   * @param count how many it stands for: itself, and those before it with the same name.
   * @throws HookInspectError `SchemaSectionSize`.
   */
  add(name: string, payload: Uint8Array, offset: number, count = 1): void {
    const isSchema = name.startsWith(SCHEMA_PREFIX);
    const size = payload.length;
    if (isSchema && size !== FINGERPRINT_SIZE)
      throw new HookInspectError({ kind: 'SchemaSectionSize', offset, section: name, size });
    if (isSchema || name === METADATA_SECTION_NAME)
      this.byName.set(name, { payload, offset, count: (this.byName.get(name)?.count ?? 0) + count });
  }
}
