/** Bytes of one page of memory (specification 4.2.8). */
export const PAGE_BYTES = 65_536;

/** The pages that 32-bit addresses reach. */
export const ADDRESSABLE_PAGES = 65_536;
