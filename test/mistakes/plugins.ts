import type { ConformanceKind } from '../../src/conformance/index.ts';
import { identityPayload } from '../support/guest-wat.ts';
import { acceptOf, always, handshakeScript, recorded, replay, selfCheckSuccess } from '../support/recorded-plugin.ts';
import { type Script, type Scripted, type ScriptedGuest, scriptedGuest } from '../support/scripted-guest.ts';

/** The JSON of the router's identity. */
export const identity: string = identityPayload('router');

/** A router that conforms: each mistake changes one thing of it. */
async function router(): Promise<ScriptedGuest> {
  return { ...replay(await recorded('router')), identities: [identity], fields: panicFunction };
}

/** The router with other parts. */
export async function routerWith(parts: Partial<ScriptedGuest>): Promise<Uint8Array> {
  return await scriptedGuest({ ...(await router()), ...parts });
}

/** The router with exports replaced, added, or left out if they are undefined. */
export async function routerExporting(
  changes: Readonly<Record<string, Script | undefined>>,
  fields = panicFunction,
): Promise<Uint8Array> {
  const all = Object.entries({ ...(await router()).exports, ...changes });
  const exports = Object.fromEntries(all.filter((entry): entry is [string, Script] => entry[1] !== undefined));
  return await routerWith({ exports, fields });
}

/** The router with an export that does the same for each input. */
export const routerThat = (name: string, does: Scripted, fields?: string): Promise<Uint8Array> =>
  routerExporting({ [name]: always(does) }, fields);

/** The router with some fields of its accept changed. */
export const accepting = (changes: object): Promise<Uint8Array> =>
  routerExporting({ cc_lb_handshake: handshakeScript(JSON.stringify({ ...acceptOf(['filter']), ...changes })) });

/** The router with some fields of its self-check changed. */
export const selfChecking = (changes: object): Promise<Uint8Array> =>
  routerThat('cc_lb_self_check', JSON.stringify({ ...JSON.parse(selfCheckSuccess), ...changes }));

/** The fixture of a kind with each answer of one function rewritten. */
export async function replaying(
  kind: ConformanceKind,
  name: string,
  rewrite: (answer: string, input: string) => Scripted,
): Promise<Uint8Array> {
  const guest = replay(await recorded(kind));
  const { answers = [], otherwise = '' } = guest.exports[name] ?? {};
  const rewritten = [...answers].map(([input, answer]): [string, Scripted] => [
    input,
    typeof answer === 'string' ? rewrite(answer, input) : answer,
  ]);
  const exports = { ...guest.exports, [name]: { answers: new Map(rewritten), otherwise } };
  return await scriptedGuest({ ...guest, identities: [identity], exports, fields: panicFunction });
}

/** The router with each answer of `filter` rewritten. */
export const rewriting = (rewrite: (answer: string) => Scripted): Promise<Uint8Array> =>
  replaying('router', 'filter', rewrite);

/** The router with each result of `filter` changed. */
export const changingResults = (change: (result: Readonly<Record<string, unknown>>) => object): Promise<Uint8Array> =>
  rewriting((answer) => {
    const { results, ...rest } = JSON.parse(answer);
    return JSON.stringify({ ...rest, results: results.map(change) });
  });

/** Where Rust's panics trap. */
const panicFunction = '(func $core::panicking::panic_fmt unreachable)';

/** Panics. */
export const panics: Scripted = { code: '(call $core::panicking::panic_fmt) (i32.const 0)' };

/** Never returns. */
export const loops: Scripted = { code: '(loop $again (br $again)) (i32.const 0)' };

/** Answers this many bytes, all zero. */
export const answersZeros = (bytes: number): Scripted => ({
  code: `(call $output_set (call $alloc (i64.const ${bytes})) (i64.const ${bytes})) (i32.const 0)`,
});
