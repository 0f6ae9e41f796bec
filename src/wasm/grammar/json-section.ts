/**
 * What the first custom section of a name holds in a compiled module, as JSON.
 *
 * @returns `undefined` when the module has no such section, or no JSON is in it.
 */
export function readJsonSection(module: WebAssembly.Module, name: string): unknown {
  const [section] = WebAssembly.Module.customSections(module, name);
  if (section === undefined) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(section));
  } catch {
    return undefined;
  }
}
