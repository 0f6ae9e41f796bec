// Tries the properties of test/fuzz/properties with ever other values:
//   npm run fuzz -- --minutes 10
//   npm run fuzz -- --minutes 10 --seed 7 --only wire,kernel
//   npm run fuzz -- --replay fuzz-findings/wire-1234.json
//   npm run fuzz -- --minutes 120 --only hostile-compile --runtime node20,node,deno,bun
// --minutes: how long, 1 by default, shared between the properties; --seed: where the values begin, another one each time by default;
// --only: some of the properties; --replay: checks the value of a finding again.
// What does not hold is made as small as can be, and kept under fuzz-findings/. Exit code 1 when anything was found, or when the time was too
// short for a property to be tried.
// `hostile-compile` stands alone: it runs hostile modules in processes of their own, and has options of its own
// (scripts/hostile-compile/fuzz.ts).
// Plain JavaScript, so that Node 20 can start it.
import './typescript.mjs';

const only = process.argv.findLast((_, index, all) => all[index - 1] === '--only' || all[index]?.startsWith('--only='));
const isHostile =
  only?.replace('--only=', '') === 'hostile-compile' || process.argv.some((each) => each.includes('hostile-compile-'));
await import(isHostile ? './hostile-compile/fuzz.ts' : './fuzz/fuzz.ts');
