// A `.wasm` that a worker imports is a module that the platform has compiled.
declare module '*.wasm' {
  const module: WebAssembly.Module;
  // biome-ignore lint/style/noDefaultExport: the platform exports it so
  export default module;
}
