import type { Additions } from '../emit/module-builder.ts';
import type { ByteReader } from '../encoding/byte-reader.ts';
import type { ByteSink } from '../encoding/byte-sink.ts';
import type { IndexSpace } from '../grammar/indices.ts';
import type { Section } from '../grammar/sections.ts';

/**
 * Maps an index of the original module to one of the rewritten module; `undefined` if it is gone.
 */
export type IndexMap = (index: number) => number | undefined;

/**
 * A map for each index space that changes. Maps must be increasing, so that the name section stays
 * sorted, unless {@link RewritePlan.names} has others. Index 0 of tables and memories must stay 0:
 * segments that name none mean it.
 */
export type IndexMaps = { readonly [S in IndexSpace]?: IndexMap };

/** How a module is rewritten. */
export interface RewritePlan {
  readonly indices: IndexMaps;
  /**
   * The maps for the name section; {@link indices} by default. These must be increasing, then the
   * others need not be.
   */
  readonly names?: IndexMaps;
  /**
   * Whether to leave out an import.
   *
   * @param importIndex its index among all imports. The index maps must leave it out too.
   */
  readonly dropImport?: (importIndex: number) => boolean;
  /**
   * Whether to leave out a section. Sections that hold offsets into the code are always left out.
   */
  readonly drop?: (section: Section) => boolean;
  /**
   * Rewrites the bodies of functions. Without it only their indices are mapped. With it the names
   * of labels are left out, since they count the blocks of a function.
   *
   * @param contents of the code section, after the length of the vector.
   * @param count how many bodies there are.
   * @param sink where the bodies are to be written, each with its size.
   */
  readonly bodies?: (contents: ByteReader, count: number, sink: ByteSink) => void;
  /** What is added. Called once, after all bodies have been rewritten. */
  readonly additions: () => Additions;
}
