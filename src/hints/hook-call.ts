import type { ArchiveDecodeFailure } from '../hooks/archive/decode-error.ts';
import type { HookCallFailure, StopReason } from '../hooks/call-error.ts';
import { budgetHint } from './budget.ts';
import { type Hints, hintIn, quoted } from './hint.ts';
import { interruptionHints } from './interruption.ts';
import { trapHint } from './trap.ts';

/** What to do about an answer that is not an archive of the response. */
const archives: Hints<ArchiveDecodeFailure> = {
  TooShort: 'Return the length of the whole archive: it ends with the root, which is as long as the type.',
  OutsideArchive: ({ path }) =>
    `Return the address where the archive begins, and its whole length: ${path} points outside it. Build with ` +
    'cc-lb-plugin-wire 0.9.',
  OutOfOrder: ({ path }) =>
    `Write what ${path} points to before it, and each value only once: rkyv does, a serialiser by hand may not.`,
  Misaligned: ({ path }) =>
    path === '$'
      ? 'Return the length of the whole archive, which ends with the root. Its length is a multiple of the alignment.'
      : `Return the address where the archive begins: ${path} must be aligned as its type, counted from there.`,
  TooManyElements: ({ path }) => `Answer with fewer elements in ${path}: a host reads at most 100,000 in all lists.`,
  InvalidUtf8: ({ path }) => `Write ${path} as UTF-8: build texts from str, not from bytes (from_utf8_unchecked).`,
  UnknownTag: ({ path }) =>
    `Build with cc-lb-plugin-wire 0.9: the host does not know the variant at ${path}. Or keep the memory of the ` +
    'answer until the hook returns.',
};

const RETURNING = 'address << 32 | length';

/** What to do about a call of a hook that failed. */
const hints: Hints<Exclude<HookCallFailure, { readonly stop: StopReason }>> = {
  InvalidRequest: { none: 'the request of the host is not of the type of the hook' },
  MissingExport: ({ name }) =>
    `Export ${quoted(name)} as a function, as cc-lb-pdk-wasmtime does for each hook that the metadata declare.`,
  ExportType: ({ name, expected }) =>
    `Give ${quoted(name)} the type ${expected}: address and length are two i32; the answer of a hook is an i64.`,
  NoAllocation: 'Let cc_lb_alloc return an address for a request of any size: grow the memory as needed.',
  AllocationOutside: 'Let cc_lb_alloc grow the memory before it returns an address in the new part.',
  EmptyAnswer: `Return ${RETURNING} of the answer as an i64: neither may be 0, even if nothing changes.`,
  AnswerOutside: `Return ${RETURNING}, and not the other way round, of an answer that ends within the memory.`,
  MalformedResponse: ({ fault, isJson }) =>
    isJson
      ? 'Write the answer as a rkyv archive of the response, as cc-lb-pdk-wasmtime does: hooks have no JSON.'
      : hintIn(archives, fault),
  ...interruptionHints,
  Panic: { none: 'the code of the host failed' },
};

const NO_ERRORS =
  'A hook has no error to return: for what it cannot handle, answer with no results, Unchanged, or the request as ' +
  'it is.';

/** Says what to do about code that stopped. */
function stopHint(failure: HookCallFailure, stop: StopReason): string | undefined {
  if (stop.kind === 'Trap') return trapHint(failure, stop.reason, NO_ERRORS);
  if (stop.kind === 'Engine') return 'Begin with fewer pages of memory: the engine could not make an instance.';
  if (failure.kind !== 'InstantiateFailed') return budgetHint(stop);
  return stop.kind === 'OutOfMemory'
    ? 'Begin with fewer pages of memory and smaller tables: each call makes them anew.'
    : 'Do less in the start function, which runs for each call, on its budget; look for an endless loop there.';
}

/** Says what to do about a call of a hook that failed; `undefined` if the plugin cannot help it. */
export function hookCallHint(failure: HookCallFailure): string | undefined {
  return 'stop' in failure ? stopHint(failure, failure.stop) : hintIn(hints, failure);
}
