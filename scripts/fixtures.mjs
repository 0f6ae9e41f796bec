// Builds the plugins under fixtures/ from their sources, each into a `.wasm` beside it.
//   node scripts/fixtures.mjs            writes those that this machine has compilers for, and names the others
//   node scripts/fixtures.mjs --check    writes nothing; names each that its sources would give otherwise, and exits 1
// Plain JavaScript, so that Node 20 can start it.
import './typescript.mjs';

await import('./fixtures/build.ts');
