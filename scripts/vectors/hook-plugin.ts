import { type Bytes, identitySection, type ModulePart, text } from './parts.ts';

/** The hooks, in the order of their table. */
export const HOOKS = ['filter', 'shape', 'transform_response', 'transform_sse_event'] as const;
export type HookName = (typeof HOOKS)[number];

/** The fingerprints of the table in HOOKS.md. */
export const FINGERPRINTS: Readonly<Record<HookName, string>> = {
  filter: 'f20f669542349c002acd04b2308ff0d83899bf0cb5a17b818c1d938adda52834',
  shape: '4d8dc5140a59b01f57eed210a82d30acd078dd1e6a6e047237bd46990d10e8b6',
  transform_response: '96aa46cba27a46674871a2a9e348c4f12d95cfd4f06b6e92374be2dbe84993c1',
  transform_sse_event: 'af8e6292457ad7bf56e77fa57813cb16005f46cb8fd2dfae01c9795f6ca31acb',
};

/** The section with the fingerprint of a hook; by default that of the table. */
export function schema(hook: HookName, fingerprint = FINGERPRINTS[hook]): ModulePart {
  return { custom: `cc_lb.schema.${hook}.v1`, payload: [{ hex: fingerprint }] };
}

/** The entry of a hook in metadata. */
export function entry(more: object = {}): object {
  return { wire_version: 1, description: 'd', usage: 'u', mode: 'active', ...more };
}

/** The entry of a hook that is not called. */
export const NOOP = entry({ mode: 'noop' });

/** The metadata of a plugin. Fields have their declared order, and hooks are sorted by name. */
export function metadata(hooks: object, more: object = {}): string {
  return JSON.stringify({ name: 'n', version: 'v', description: 'd', usage: 'u', hooks, ...more });
}

/** The declarations of the hook filter. */
export const FILTER = { filter: entry() };

/** The declarations of the slot shape. */
export const SHAPE = { shape: entry(), transform_response: NOOP, transform_sse_event: NOOP };

/** The declarations of all hooks, which are all called. */
export const ALL_ACTIVE = {
  filter: entry(),
  shape: entry(),
  transform_response: entry(),
  transform_sse_event: entry(),
};

/** A plugin made of a module: the sections of all hooks, and this metadata. */
export function plugin(file: string, payload: Bytes, ...more: readonly ModulePart[]): readonly ModulePart[] {
  return [{ file }, ...HOOKS.map((hook) => schema(hook)), identitySection(payload), ...more];
}

/** The sections of a small filter, so that others can be put between them. */
export const SECTIONS = {
  types: { hex: '01130360027f7f017f60037f7f7f0060027f7f017e' },
  functions: { hex: '030403000102' },
  memory: { hex: '0503010001' },
  exports: [
    ...[{ hex: '073404' }, { hex: '06' }, text('memory'), { hex: '0200' }, { hex: '0b' }, text('cc_lb_alloc')],
    ...[{ hex: '0000' }, { hex: '0a' }, text('cc_lb_free'), { hex: '0001' }, { hex: '0c' }, text('cc_lb_filter')],
    { hex: '0002' },
  ],
  code: { hex: '0a0e03040041100b02000b040042000b' },
} as const;
