import { encodeBase64 } from '../../src/base64.ts';
import { utf8 } from '../support/bytes.ts';
import type { Mistake } from './mistake.ts';
import { panics, replaying } from './plugins.ts';

/** Bytes in base64 that went through a text. */
const textOf = (base64: string): string =>
  encodeBase64(utf8(new TextDecoder().decode(Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0)))));

/** Mistakes in how a plugin reads or writes values. */
export const valueMistakes: readonly Mistake[] = [
  {
    id: 'bignumber',
    mistake: '`filter` reads numbers as floats, and refuses those above 2^53',
    command: ['conformance'],
    file: () =>
      replaying('router', 'filter', (answer, input) =>
        /\d{17,}/.test(input) ? { error: '18446744073709552000 is not a safe integer' } : answer,
      ),
    told: {
      check: 'filter.all-options',
      kind: 'PluginError',
      message: '18446744073709552000 is not a safe integer',
      hint:
        'Accept every value of the type of the request: options that are set, numbers up to ' +
        '18446744073709551615, which no float holds exactly, and bytes in base64 that are not text. The ' +
        'sample, which was answered, has none of them.',
    },
  },
  {
    id: 'bodytext',
    mistake: '`filter` reads `body_base64` as text, and panics if the bytes are not UTF-8',
    command: ['conformance'],
    file: () =>
      replaying('router', 'filter', (answer, input) => (input.includes('"body_base64":"/wD+gA0K"') ? panics : answer)),
    told: {
      check: 'filter.all-options',
      kind: 'Trap',
      message: 'wasm trap: unreachable',
      stack: '`core::panicking::panic_fmt` ← `filter` ← function 16',
      hint:
        'Accept every value of the type of the request: options that are set, numbers up to ' +
        '18446744073709551615, which no float holds exactly, and bytes in base64 that are not text. The ' +
        'sample, which was answered, has none of them. Look at `filter`.',
    },
  },
  {
    id: 'bodylossy',
    mistake: '`shape` reads `body_base64` as text, and writes the text back',
    command: ['conformance'],
    file: () => replaying('shape', 'shape', (answer) => answer.replaceAll('/wD+gA0K', textOf('/wD+gA0K'))),
    told: {
      check: 'shape.body-bytes',
      status: 'warn',
      message: 'a body that is not text: the body of the answer has U+FFFD',
      hint: 'Keep the decoded body_base64 as bytes. A text cannot hold them: each byte that is not UTF-8 is ' + 'lost.',
    },
  },
  {
    id: 'base64url',
    mistake: '`shape` writes base64 with the URL alphabet',
    command: ['conformance'],
    file: () =>
      replaying('shape', 'shape', (answer) =>
        answer.replace(/"body_base64":"[^"]*"/, (body) =>
          body.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', ''),
        ),
      ),
    told: {
      check: 'shape.body',
      message: 'a request with a query: body_base64 is not base64 with padding (3 characters)',
      hint: 'Encode the body in standard base64 with padding (RFC 4648, section 4), not in the URL alphabet.',
    },
  },
  {
    id: 'headercase',
    mistake: '`filter` looks for the header `authorization`, and does not find `Authorization`',
    command: ['conformance'],
    file: () =>
      replaying('router', 'filter', (answer, input) =>
        input.includes('"name":"Authorization"') ? answer.replace('"accept"', '"reject"') : answer,
      ),
    told: {
      check: 'filter.header-case',
      status: 'warn',
      message: 'the answer changes if names of headers have capitals',
      hint: 'Compare names of headers without regard to case: put the name of the request into lower case ' + 'first.',
    },
  },
];
