import { prepareHooks } from '../../../src/hooks/prepare.ts';
import { HOOKS_SECTION } from '../../../src/hooks/prepared-section.ts';
import { METERING_SECTION } from '../../../src/metering/index.ts';
import { preparePlugin } from '../../../src/plugin/index.ts';
import { constantHook, custom, hookModule, NO_RESULTS, withSections } from '../../hooks/hook-module.ts';
import { leb, longSection, moduleOf } from '../../support/bytes.ts';
import { type Behaviour, guest, identityPayload } from '../../support/guest-wat.ts';
import { acceptOf, selfCheckSuccess } from '../../support/recorded-plugin.ts';

/*
 * Plugins with sections that say that they are prepared. Nothing in their code meters it.
 */

/** The globals that the section of metering names. */
const globals = `
  (global (export "meter counter") (mut i32) (i32.const 0)) (global (export "meter time") (mut i32) (i32.const 0))
  (global (export "meter stack") (mut i32) (i32.const 0)) (global (export "meter heap") (mut i64) (i64.const 0))`;

/** Code that does not end. */
export const LOOP = '(loop $forever (br $forever))';

/** A function of a plugin that does not end. */
export const endless: Behaviour = { code: `(result i32) ${LOOP} (i32.const 0)` };

/** The payload of a section that preparation writes. */
function sectionOf(prepared: Uint8Array<ArrayBuffer>, name: string): Uint8Array {
  const [payload] = WebAssembly.Module.customSections(new WebAssembly.Module(prepared), name);
  if (payload === undefined) throw new Error(`no section ${name}`);
  return new Uint8Array(payload);
}

/** What a good plugin of generation 1 answers. */
const good: Readonly<Record<string, Behaviour>> = {
  cc_lb_handshake: JSON.stringify(acceptOf(['filter'])),
  cc_lb_self_check: selfCheckSuccess,
  filter: JSON.stringify({ _v: 1, results: [] }),
};

/**
 * A router that is prepared in the form *instance*, but not metered.
 *
 * @param exports what its functions do, where that is not what a good router does.
 * @param fields further fields of the module.
 * @param section the payload of its section of metering, made from the one that it should have.
 */
export async function forgedRouter(
  exports: Readonly<Record<string, Behaviour>>,
  fields = '',
  section: (honest: Uint8Array) => Uint8Array = (honest) => honest,
): Promise<Uint8Array> {
  const plugin = { identities: [identityPayload()], exports: { ...good, ...exports } };
  // The imports must be the same.
  const imports = fields.match(/\(import [^)]*\)+/g)?.join(' ') ?? '';
  const honest = preparePlugin(await guest({ ...plugin, fields: imports }), { kernel: 'instance' });
  const metering = custom(METERING_SECTION, section(sectionOf(honest, METERING_SECTION)));
  return withSections(await guest({ ...plugin, fields: `${fields} ${globals}` }), metering);
}

/**
 * A filter of generation 2 that is prepared, but not metered.
 *
 * @param before what its hook does before it answers.
 * @param fields further fields of the module.
 */
export async function forgedFilter(before: string, fields = ''): Promise<Uint8Array> {
  const answer = constantHook('filter', 4096, NO_RESULTS);
  const honest = prepareHooks(await hookModule({ filter: 'active' }, answer));
  const memory = JSON.parse(new TextDecoder().decode(sectionOf(honest, HOOKS_SECTION)));
  const text = `(import "${memory.importModule}" "memory" (memory 1 65536)) (export "memory" (memory 0))
    (global (export "${memory.sizeExport}") (mut i32) (i32.const 1))
    (func (export "cc_lb_alloc") (param i32 i32) (result i32) i32.const 1024)
    (func (export "cc_lb_free") (param i32 i32 i32))
    ${globals} ${fields} ${answer.replace('(result i64)', `(result i64) ${before}`)}`;
  const changing = JSON.stringify({ ...memory, changingGlobals: null });
  const metering = custom(METERING_SECTION, sectionOf(honest, METERING_SECTION));
  return withSections(await hookModule({ filter: 'active' }, text), metering, custom(HOOKS_SECTION, changing));
}

/**
 * A module for which every engine needs a long time to compile it: functions that call themselves
 * with a thousand parameters, and get a thousand results. A section says that it is prepared.
 *
 * @param functions how many there are, of about 7.5 MB each.
 */
export async function slowToCompile(functions: number): Promise<Uint8Array> {
  const values = 1_000;
  const types = new Array<number>(values).fill(0x7f);
  const type = [0x60, ...leb(values), ...types, ...leb(values), ...types];
  const push = Array.from({ length: values }, (_, index) => [0x20, ...leb(index)]).flat();
  const body = new Uint8Array(7_500_000).fill(0x10);
  body.set([0, ...push]);
  for (let at = 2 + push.length; at < body.length; at += 2) body[at] = 0;
  body[body.length - 1] = 0x0b;
  const before = moduleOf(longSection(1, [1, ...type]), longSection(3, [functions, ...new Array(functions).fill(0)]));
  const size = leb(body.length);
  const code = [0x0a, ...leb(1 + functions * (size.length + body.length)), functions];
  const last = custom(METERING_SECTION, '{}');
  const each = Array.from({ length: functions }, () => [Uint8Array.from(size), body]).flat();
  return joined([before, Uint8Array.from(code), ...each, Uint8Array.from(last)]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
