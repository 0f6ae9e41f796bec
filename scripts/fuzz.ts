// Tries the properties of test/fuzz/properties with random values:
//   npm run fuzz -- --minutes 10
//   npm run fuzz -- --minutes 10 --seed 7 --only wire,kernel
//   npm run fuzz -- --replay fuzz-findings/wire-1234.json
//   npm run fuzz -- --minutes 120 --only hostile-compile --runtime node20,node,deno,bun
// --minutes: how long, 1 by default, shared between the properties; --seed: where the values begin,
// a new one each time by default; --only: some of the properties; --replay: checks a finding again.
// A value for which a property does not hold is made as small as possible, and kept under
// fuzz-findings/. The exit code is 1 if anything was found, or if there was no time for a property.
// `hostile-compile` cannot be combined with others: it runs hostile modules in processes of their
// own, and has its own options (scripts/hostile-compile/fuzz.ts).
const given = process.argv.slice(2);
const only = given.findLast((argument, index) => given[index - 1] === '--only' || argument.startsWith('--only='));
const isHostile =
  only?.replace('--only=', '') === 'hostile-compile' || given.some((each) => each.includes('hostile-compile-'));
if (isHostile) await import('./hostile-compile/fuzz.ts');
else await import('./fuzz/fuzz.ts');
