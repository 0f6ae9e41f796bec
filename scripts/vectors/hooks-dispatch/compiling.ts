// Compiling: the features of WebAssembly, and modules that are not valid.

import { littleEndian } from '../hex.ts';
import { FILTER, metadata, SECTIONS, schema } from '../hook-plugin.ts';
import type { WrittenVector } from '../layer-vectors.ts';
import { header, hex, identitySection, type ModulePart } from '../parts.ts';
import { ADMITTED, filterOf, vector } from './case.ts';

/** A host whose engine does not tell why it refuses a module says that the module is not valid. */
const notCompiled = (error: object): object => ({
  oneOf: [
    { layer: 'compile', error },
    { layer: 'compile', error: { kind: 'InvalidModule' } },
  ],
});

const features: readonly (readonly [rule: string, feature: string, modules: readonly string[]])[] = [
  ['HC-2.1', 'threads', ['shared-memory', 'atomic-load']],
  ['HC-2.2', 'memory64', ['memory64', 'table64']],
  ['HC-2.3', 'multi-memory', ['two-memories']],
  ['HC-2.4', 'function references', ['typed-parameter', 'call-ref', 'table-value']],
  ['HC-2.5', 'garbage collection', ['struct', 'i31', 'recursive-types', 'anyref', 'global-of-global']],
  ['HC-2.6', 'exceptions', ['tag', 'try-table']],
  ['HC-2.7', 'tail calls', ['tail-call', 'tail-call-indirect']],
  ['HC-2.8', 'relaxed SIMD', ['relaxed-simd']],
];

const { types, functions, memory, exports } = SECTIONS;
/** A filter whose hook has this body. */
const bodied = (body: string): readonly ModulePart[] => {
  const size = body.length / 2;
  const code = `03 04 0041100b 02 000b ${littleEndian(size, 1)}${body}`.replaceAll(' ', '');
  return [
    ...[header, types, functions, memory, ...exports, hex(`0a${littleEndian(code.length / 2, 1)}${code}`)],
    ...[schema('filter'), identitySection(metadata(FILTER))],
  ];
};

/** Features, and modules that do not compile. */
export const dispatchCompiling: readonly WrittenVector[] = [
  ...features.flatMap(([rule, feature, modules]) =>
    modules.map((name) =>
      vector(rule, `feature-${name}`, {
        wasm: filterOf(`hooks-feature-${name}`),
        ends: notCompiled({ kind: 'FeatureRefused', fields: { feature } }),
      }),
    ),
  ),
  vector('HC-1', 'feature-of-webassembly-2', { wasm: filterOf('hooks-feature-webassembly-2'), ends: ADMITTED }),
  vector('HC-1', 'feature-extended-constant', {
    flags: ['feature:extended-constants'],
    wasm: filterOf('hooks-feature-extended-constant'),
    ends: ADMITTED,
  }),
  vector('HC-1', 'feature-wide-arithmetic', {
    flags: ['feature:wide-arithmetic'],
    wasm: filterOf('hooks-feature-wide-arithmetic'),
    ends: ADMITTED,
  }),
  vector('HC-2.3', 'feature-index-of-memory-0', {
    about: 'A load whose memarg has the bit for the index of a memory, and the index 0.',
    wasm: bodied('0041002842 0000 1a4200 0b'.replaceAll(' ', '')),
    ends: notCompiled({ kind: 'FeatureRefused', fields: { feature: 'multi-memory' } }),
  }),
  vector('HC-2.6', 'feature-legacy-try', {
    about: 'The older proposal: `try`, `end`.',
    wasm: bodied('00 0640 0b 4200 0b'.replaceAll(' ', '')),
    ends: notCompiled({ kind: 'FeatureRefused', fields: { feature: 'exceptions' } }),
  }),
  vector('HC-4', 'unknown-opcode', {
    wasm: bodied('00ff4200 0b'.replaceAll(' ', '')),
    ends: notCompiled({ kind: 'MalformedModule' }),
  }),
  vector('HC-4', 'body-without-end', {
    wasm: bodied('004200'),
    ends: notCompiled({ kind: 'MalformedModule' }),
  }),
  vector('HC-5', 'stack-underflow', {
    about: 'An addition without operands.',
    wasm: bodied('006a1a4200 0b'.replaceAll(' ', '')),
    ends: { layer: 'compile', error: { kind: 'InvalidModule' } },
  }),
  vector('HC-5', 'body-of-another-type', {
    about: 'The hook returns an i32.',
    wasm: bodied('0041000b'),
    ends: { layer: 'compile', error: { kind: 'InvalidModule' } },
  }),
  vector('HC-3', 'inspection-before-feature', {
    wasm: [{ file: 'hooks-feature-tail-call' }, identitySection(metadata(FILTER))],
    ends: { layer: 'inspect', error: { kind: 'MissingSchema' } },
  }),
  vector('HC-3', 'feature-before-probe', {
    about: 'The answer of the hook would be empty.',
    wasm: [
      ...[header, hex('0115 04 60027f7f017f 60037f7f7f00 60027f7f017e 5f00'.replaceAll(' ', '')), functions, memory],
      ...[...exports, SECTIONS.code, schema('filter'), identitySection(metadata(FILTER))],
    ],
    ends: notCompiled({ kind: 'FeatureRefused', fields: { feature: 'garbage collection' } }),
  }),
];
