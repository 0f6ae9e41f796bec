// Measures what a module of one kind takes to compile, to link and to call, on each runtime:
//   node --import ./scripts/typescript.mjs scripts/hostile-compile/measure.ts \
//     --kind branches --size 20000
//   ... --kind branches,locals --size 20000,2400 --together --copies 50 \
//     --runtime node,bun --lift all
import { parseArgs } from 'node:util';
import { buildModule, type Recipe } from './build-module.ts';
import { kindNamed, kinds } from './kinds/index.ts';
import { liftedLimits, openOwnSource, openProject } from './project.ts';
import { type PhaseEnd, runChild, runtimeNamed } from './run-child.ts';

const { values: options } = parseArgs({
  options: {
    kind: { type: 'string' },
    size: { type: 'string', default: '' },
    variant: { type: 'string', default: '' },
    together: { type: 'boolean', default: false },
    copies: { type: 'string', default: '1' },
    'code-bytes': { type: 'string', default: '5000000' },
    runtime: { type: 'string', default: 'node20,node,deno,bun' },
    project: { type: 'string' },
    lift: { type: 'string' },
    unmetered: { type: 'boolean', default: false },
    phases: { type: 'string', default: 'compile,calls,hot,fuel,dispatch,admit,next' },
    'idle-ms': { type: 'string', default: '15000' },
    'timeout-s': { type: 'string', default: '120' },
    json: { type: 'boolean', default: false },
  },
});

if (options.kind === undefined) {
  for (const { name, about, limit, max, variants = [] } of kinds)
    console.log(`${name} (limit ${limit ?? 'none'}, up to ${max}; ${variants.join(', ')}): ${about}`);
  throw new Error('--kind is missing: one of those above, or several with commas between');
}

const [sizes, variants] = [options.size.split(','), options.variant.split(',')];
const recipe: Recipe = {
  parts: options.kind.split(',').map((name, index) => {
    const kind = kindNamed(name);
    const size = sizes[index] ?? '';
    const variant = variants[index] ?? '';
    return {
      kind: name,
      size: size === '' ? kind.max : Number(size),
      variant: variant === '' ? (kind.variants?.[0] ?? '') : variant,
    };
  }),
  together: options.together,
  copies: options.copies === 'fill' ? 100_000 : Number(options.copies),
};

const project = options.project === undefined ? await openOwnSource() : await openProject(options.project);
const lift =
  options.lift === undefined ? {} : liftedLimits(project, options.lift === 'all' ? 'all' : options.lift.split(','));
const compile = options.unmetered ? { metering: false } : lift;
const limits = { ...project.limits, codeBytes: Number(options['code-bytes']) };
const wasm = buildModule(recipe, 'hostile-a', limits);
const described = recipe.parts.map(({ kind, size, variant }) => `${kind}/${variant} ${size}`).join(' + ');
console.log(`${described}${recipe.together ? ' in one function' : ''}, ${wasm.length} bytes`);

const endOf = (end: PhaseEnd): string => {
  if (end === 'done') return '';
  return 'thrown' in end ? ` (${end.kind ?? end.name}: ${end.thrown.slice(0, 160)})` : ` (${end.ended})`;
};

for (const name of options.runtime.split(',')) {
  const report = await runChild(runtimeNamed(name), {
    project,
    wasm,
    admitted: buildModule(recipe, 'hostile-b', limits),
    compile,
    admit: {},
    phases: options.phases.split(','),
    warm: true,
    idleMs: Number(options['idle-ms']),
    timeoutMs: Number(options['timeout-s']) * 1_000,
  });
  if (options.json) {
    console.log(JSON.stringify({ runtime: name, recipe, bytes: wasm.length, ...report }));
    continue;
  }
  console.log(`${name}: ${report.valid === false ? 'the engine takes no such module' : ''}`);
  for (const { name: phase, cpuMs, wallMs, threadMs, peakMb, end } of report.phases) {
    const thread = threadMs === undefined ? '' : `, thread ${threadMs.toFixed(0)}`;
    const cpu = `${phase.padEnd(10)} cpu ${cpuMs.toFixed(0).padStart(6)} ms`;
    console.log(`  ${cpu}${thread}, wall ${wallMs.toFixed(0)}; peak ${peakMb.toFixed(0)} MB${endOf(end)}`);
  }
  if (report.died !== undefined) console.log(`  DIED in ${report.died.phase}: ${report.died.how}`);
}
