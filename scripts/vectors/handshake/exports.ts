import { wireFunctions } from '../built-in-offer.ts';
import { type Row, vectorsOf } from '../layer-vectors.ts';
import { answering } from '../parts.ts';
import { accepted, refused } from './ends.ts';
import { accept, acceptAll, acceptNothing, offer } from './messages.ts';

const declaredMissing = (name: string) => refused('DeclaredFunctionMissing', { function: name });
const undeclared = (name: string) => refused('UndeclaredExport', { function: name });
const sorted = [...wireFunctions].sort();

/** A module whose answer implements these functions, and how that ends. */
const implementing = (rule: string, file: string, names: readonly string[], ends: object): Row => ({
  rule,
  wasm: answering(file, acceptAll(...names)),
  ends,
});

/** The same, for functions in their order that are accepted. */
const takes = (rule: string, file: string, names: readonly string[], ...slots: readonly string[]): Row =>
  implementing(rule, file, names, accepted(acceptAll(...names), ...slots));

/** A function that the offer has beside the built-in ones. */
const own = (name: string): string => offer({ function_versions: { [name]: [1] } });

const rows: Readonly<Record<string, Row>> = {
  // Slots.
  'slots-of-a-dialect': takes('P-3.3', 'answer-dialect', ['normalize_error', 'shape'], 'shape'),
  'slots-of-a-signer': takes('P-2', 'answer-signer', ['build_signer', 'on_unauthorized', 'sign']),
  'slots-of-an-observer': takes('P-3.2', 'answer-observer', ['observe'], 'observability_hook'),
  'slots-of-a-router': takes('P-3.1', 'answer-router', ['filter'], 'router'),
  'slots-of-all': takes('P-4', 'answer-all', sorted, 'router', 'observability_hook', 'shape'),
  'slots-of-a-function-that-is-not-chosen': {
    rule: 'P-1',
    about: 'What is implemented decides, not what is chosen.',
    wasm: answering('answer-shape', accept({ chosen_versions: {} })),
    ends: accepted(accept({ chosen_versions: {} }), 'shape'),
  },
  'slots-of-nothing': { rule: 'P-1', wasm: answering('answer', acceptNothing), ends: accepted(acceptNothing) },

  // Functions of a host's own.
  'own-function': {
    rule: 'H-4.5',
    wasm: answering('answer-own-functions', acceptAll('rank')),
    offer: own('rank'),
    ends: accepted(acceptAll('rank')),
  },
  'own-function-beyond-ascii': {
    rule: 'H-4.5',
    wasm: answering('answer-own-functions', acceptAll('é')),
    offer: own('é'),
    ends: accepted(acceptAll('é')),
  },
  'own-function-named-constructor': {
    rule: 'H-4.5',
    wasm: answering('answer-own-functions', acceptAll('constructor')),
    offer: own('constructor'),
    ends: accepted(acceptAll('constructor')),
  },
  'own-functions-that-are-not-implemented': {
    rule: 'H-14.2',
    about: 'Only the seven wire functions must be declared.',
    wasm: answering('answer-own-functions', acceptNothing),
    offer: own('rank'),
    ends: accepted(acceptNothing),
  },
  'own-function-route': {
    rule: 'P-2',
    about: '`route` fills no slot here: only plugins older than the handshake use it.',
    wasm: answering('answer-own-functions', acceptAll('route')),
    offer: own('route'),
    ends: accepted(acceptAll('route')),
  },
  'own-function-that-is-missing': {
    rule: 'H-14.1',
    wasm: answering('answer-own-functions', acceptAll('ranks')),
    offer: own('ranks'),
    ends: declaredMissing('ranks'),
  },
  'wire-function-of-an-offer-without-it': {
    rule: 'H-14.2',
    about: 'The seven are those of the protocol, offered or not.',
    wasm: answering('answer-shape', acceptNothing),
    offer: own('rank'),
    ends: undeclared('shape'),
  },

  // Declared, but not exported.
  'declared-function-without-an-export': implementing(
    'H-14.1',
    'answer-shape',
    ['shape', 'sign'],
    declaredMissing('sign'),
  ),
  'declared-functions-in-order': implementing(
    'H-5',
    'answer-shape',
    ['shape', 'sign', 'filter'],
    declaredMissing('filter'),
  ),
  'declared-missing-before-undeclared': implementing('H-14.1', 'answer-shape', ['sign'], declaredMissing('sign')),

  // Exported, but not declared.
  'undeclared-function': {
    rule: 'H-14.2',
    wasm: answering('answer-shape', acceptNothing),
    ends: undeclared('shape'),
  },
  'undeclared-function-of-a-dialect': implementing(
    'H-14.2',
    'answer-dialect',
    ['shape'],
    undeclared('normalize_error'),
  ),
  'undeclared-functions-that-are-supported': {
    rule: 'H-14.2',
    wasm: answering(
      'answer-signer',
      accept({
        chosen_versions: {},
        plugin_supported: { build_signer: [1], on_unauthorized: [1], sign: [1] },
        implemented_functions: ['build_signer', 'sign'],
      }),
    ),
    ends: undeclared('on_unauthorized'),
  },
  'exports-that-do-not-count': implementing(
    'L-6',
    'answer-wrong-exports',
    ['on_unauthorized'],
    accepted(acceptAll('on_unauthorized')),
  ),
};

/** The seven wire functions are all exported: the first one that is not declared is reported. */
const undeclaredRows = wireFunctions.map((name, index): [string, Row] => [
  `undeclared-from-${name}-on`,
  implementing('H-14.2', 'answer-all', wireFunctions.slice(0, index), undeclared(name)),
]);

/** Exports of wire functions that are not functions () → i32 or () → (). */
const wrongExports: Readonly<Record<string, string>> = {
  shape: 'with-a-parameter',
  sign: 'that-returns-i64',
  observe: 'that-returns-two',
  filter: 'that-is-a-global',
  build_signer: 'that-is-a-memory',
  normalize_error: 'that-is-a-table',
};
const wrongRows = Object.entries(wrongExports).map(([name, what]): [string, Row] => [
  `declared-function-${what}`,
  implementing('L-6', 'answer-wrong-exports', ['on_unauthorized', name], declaredMissing(name)),
]);

/** Slots, and what the plugin exports. */
export const handshakeExports = vectorsOf('handshake', {
  ...rows,
  ...Object.fromEntries(undeclaredRows),
  ...Object.fromEntries(wrongRows),
});
