/** A module with two memories of no page. */
const TWO_MEMORIES = /* @__PURE__ */ Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 0x05, 0x05, 2, 0, 0, 0, 0);

let engineLinks: boolean | undefined;

/**
 * Whether the engine accepts linked plugins: modules with two memories, that of the plugin and that
 * of the kernel.
 */
export function canLink(): boolean {
  engineLinks ??= WebAssembly.validate(TWO_MEMORIES);
  return engineLinks;
}
