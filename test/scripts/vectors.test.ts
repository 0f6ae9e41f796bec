// The files of test vectors, and the rules that they cite.
import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ruleAnchorsOf } from '../../scripts/docs/links.ts';
import { layers } from '../../scripts/vectors/layers.ts';
import { assembleModules, fileText } from '../../scripts/vectors/main.ts';
import { vectorsSchema } from '../../scripts/vectors/schema.ts';
import { LAYERS, type Layer } from '../../src/conformance/vectors/index.ts';
import { ruleLink } from '../../src/conformance/vectors/rule.ts';

const vectors = suite('abi/vectors');

const folder = new URL('../../abi/vectors/', import.meta.url);
const textOf = (path: string): string => readFileSync(new URL(path, folder), 'utf8');

/** The least number of vectors of each layer. */
const LEAST: Readonly<Record<Layer, number>> = {
  json: 400,
  identity: 100,
  handshake: 120,
  'self-check': 35,
  record: 25,
  offers: 20,
  requests: 40,
  dispatch: 120,
  kernel: 180,
  'host-functions': 40,
  fuel: 40,
  'hooks-archives': 200,
  'hooks-inspection': 90,
  'hooks-dispatch': 60,
};

vectors('every layer has a file, in the order of the layers', () => {
  assert.equal(
    layers.map(({ layer }) => layer),
    LAYERS,
  );
});

for (const of of layers) {
  vectors(`${of.layer}.json is what npm run vectors writes`, () => {
    assert.is(textOf(`${of.layer}.json`), fileText(of));
  });

  vectors(`${of.layer}.json has at least ${LEAST[of.layer]} vectors`, () => {
    assert.ok(of.vectors.length >= LEAST[of.layer], `${of.vectors.length}`);
  });
}

vectors('schema.json is what npm run vectors writes, and holds for every file', () => {
  assert.is(textOf('schema.json'), vectorsSchema());
  const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(JSON.parse(vectorsSchema()));
  for (const { layer } of layers) {
    validate(JSON.parse(textOf(`${layer}.json`)));
    assert.equal(validate.errors ?? [], [], layer);
  }
  assert.not(validate({ layer: 'identity', about: '', vectors: [{ id: 'identity/a' }] }));
});

vectors('every module is assembled, and every module is used', async () => {
  const assembled = await assembleModules();
  const files = readdirSync(new URL('modules/', folder)).filter((name) => name.endsWith('.wasm'));
  assert.equal(files.sort(), [...assembled.keys()].map((name) => `${name}.wasm`).sort());
  const used = layers.map((of) => fileText(of)).join('\n');
  for (const [name, bytes] of assembled) {
    assert.equal(new Uint8Array(readFileSync(new URL(`modules/${name}.wasm`, folder))), bytes, name);
    assert.ok(used.includes(`"${name}"`), `no vector uses ${name}`);
  }
});

vectors('every flag is one of abi/vectors/README.md, and every one of these is used', () => {
  const rows = [...textOf('README.md').matchAll(/^\| `([a-z:-]+(?:NAME)?)` \|/gm)].map(([, flag = '']) => flag);
  const declared = rows.filter((flag) => ['time', 'layout'].includes(flag) || /^(fuel|feature):|^trap-/.test(flag));
  const kindOf = (flag: string): string => flag.replace(/^feature:.*/, 'feature:NAME');
  const used = layers.flatMap((layer) => layer.vectors.flatMap(({ flags = [] }) => flags.map(kindOf)));
  assert.equal([...new Set(used)].sort(), declared.sort());
});

vectors('every feature of a flag is named in KERNEL.md or HOOKS.md', () => {
  const text = ['KERNEL.md', 'HOOKS.md'].map((document) => textOf(`../${document}`).toLowerCase()).join('\n');
  const features = layers.flatMap((layer) =>
    layer.vectors.flatMap(({ flags = [] }) => flags.flatMap((flag) => /^feature:(.*)$/.exec(flag)?.[1] ?? [])),
  );
  const unknown = features.filter((feature) => !text.includes(feature) && !text.includes(feature.replace('-', ' ')));
  assert.equal(unknown, []);
});

/**
 * The anchors of the rules in the documents: `abi/PROTOCOL.md#H-4.2`. The rules `A` are for
 * plugins: the checks of conformance cite them (test/cli/conformance-anchors.test.ts).
 */
const anchors = ['PROTOCOL.md', 'KERNEL.md', 'HOOKS.md'].flatMap((document) =>
  ruleAnchorsOf(readFileSync(new URL(`../${document}`, folder), 'utf8')).map((anchor) => ({ document, ...anchor })),
);

/** Rules that no vector cites, with the reason. */
const uncited = new Map(Object.entries(JSON.parse(textOf('rules-without-vectors.json'))));

vectors('every anchor shows its name, occurs once, and is in the document of its letters', () => {
  const seen = new Set<string>();
  for (const { document, id, shown } of anchors) {
    assert.match(id, /^[A-Z]{1,2}-\d+(?:\.\d+)*$/);
    assert.is(shown, `[${id}]`);
    assert.is(ruleLink(id), `abi/${document}#${id}`);
    assert.not(seen.has(id), `${id} occurs twice`);
    seen.add(id);
  }
});

vectors('every rule is cited by a vector, or its reason is listed', () => {
  const cited = new Set(layers.flatMap((layer) => layer.vectors.map(({ rule }) => rule)));
  const known = new Set(anchors.map(({ id }) => id).filter((id) => !id.startsWith('A-')));
  assert.equal(
    [...cited].filter((rule) => !known.has(rule)),
    [],
    'cited, but in no document',
  );
  assert.equal(
    [...known].filter((rule) => !cited.has(rule) && !uncited.has(rule)),
    [],
    'not cited',
  );
  assert.equal(
    [...uncited.keys()].filter((rule) => cited.has(rule) || !known.has(rule)),
    [],
    'listed for nothing',
  );
  for (const [rule, reason] of uncited) assert.ok(typeof reason === 'string' && reason.length > 10, rule);
});

vectors.run();
