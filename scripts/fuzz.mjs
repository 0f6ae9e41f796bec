// Tries the properties of test/fuzz/properties with ever other values:
//   npm run fuzz -- --minutes 10
//   npm run fuzz -- --minutes 10 --seed 7 --only wire,kernel
//   npm run fuzz -- --replay fuzz-findings/wire-1234.json
// --minutes: how long, 1 by default, shared between the properties; --seed: where the values begin, another one each time by default;
// --only: some of the properties; --replay: checks the value of a finding again.
// What does not hold is made as small as can be, and kept under fuzz-findings/. Exit code 1 when anything was found, or when the time was too
// short for a property to be tried.
// Plain JavaScript, so that Node 20 can start it.
import './typescript.mjs';

await import('./fuzz/fuzz.ts');
