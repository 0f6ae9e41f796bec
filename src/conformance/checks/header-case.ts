import { type WireFunctionName, wire } from '../../protocol/messages/index.ts';
import { groupOf, sampleCheck } from '../answers.ts';
import { type Check, type Finding, pass, warn } from '../check.ts';
import { candidateId } from '../exercises.ts';
import { type Content, filterRequest, shapeRequest, signRequest } from '../requests/index.ts';
import type { PluginUnderTest, TestHost } from '../test-host.ts';

/** Headers that plugins look for, as clients of HTTP/1.1 write them. */
const HEADERS: readonly (readonly [name: string, value: string])[] = [
  ['Accept', 'application/json'],
  ['Anthropic-Beta', 'beta'],
  ['Anthropic-Version', '2023-06-01'],
  ['Authorization', 'Bearer conformance'],
  ['Connection', 'close'],
  ['Content-Type', 'application/json'],
  ['User-Agent', 'conformance'],
  ['X-Api-Key', 'conformance'],
];

/** Writes a name in one of its spellings. */
type Spelling = (name: string) => string;

function withHeaders<Builder extends { header(name: string, value: Content): Builder }>(
  request: Builder,
  spell: Spelling,
): Builder {
  return HEADERS.reduce((built, [name, value]) => built.header(spell(name), value), request);
}

/** The functions whose requests have headers. Each sends one with these headers. */
const asks = {
  filter: (plugin, spell) =>
    plugin.dispatch(wire.v3.filter, withHeaders(filterRequest().candidate(candidateId(1)), spell).build()),
  shape: (plugin, spell) => plugin.dispatch(wire.v1.shape, withHeaders(shapeRequest(), spell).build()),
  sign: (plugin, spell) =>
    plugin.dispatch(wire.v1.sign, withHeaders(signRequest().signerState(plugin.signerState), spell).build()),
} satisfies Partial<
  Record<WireFunctionName, (plugin: PluginUnderTest, spell: Spelling) => ReturnType<PluginUnderTest['dispatch']>>
>;

/** The check that a function finds headers in any spelling. None for a function without headers. */
export function headerCaseChecks(name: WireFunctionName): Check[] {
  if (!(name in asks)) return [];
  // The cast: `in` has just found it.
  const ask = asks[name as keyof typeof asks];
  const check: Check = {
    id: `${groupOf(name)}.header-case`,
    rule: `${name} answers alike if names of headers are in capitals and if they are not.`,
    anchor: 'A-30',
    advice: true,
    hint: 'Compare names of headers without regard to case: put the name of the request into lower case first.',
    needs: [sampleCheck(name)],
    function: name,
    run: (host) => compare(host, ask),
  };
  return [check];
}

/** Sends the headers to an instance in each spelling. The answers may repeat the spelling. */
function compare(host: TestHost, ask: (typeof asks)[keyof typeof asks]): Finding {
  const answerTo = (spell: Spelling): string =>
    host.withPlugin((plugin) => {
      const outcome = ask(plugin, spell);
      return outcome.kind === 'ok' ? JSON.stringify(outcome.response).toLowerCase() : outcome.error.failure.kind;
    });
  return answerTo((name) => name.toLowerCase()) === answerTo((name) => name)
    ? pass({ value: 2, unit: 'requests' })
    : warn('the answer changes if names of headers have capitals');
}
