import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Declaration } from '../../json/type.ts';
import { type ReadRequest, readRequestText } from '../request/faults.ts';

/** Up to this many characters a text is read with each key. */
const QUICK_CHARACTERS = 50_000;

/** How long the reader must pause before a longer text is read, in milliseconds. */
const PAUSE_MS = 300;

/** What a text of a request says. A long one is read when the reader pauses. */
export function useRequest(type: Declaration, text: string): ReadRequest & { readonly isSettled: boolean } {
  const [settled, setSettled] = useState(text);
  const isQuick = text.length <= QUICK_CHARACTERS;
  useEffect(() => {
    if (isQuick) return undefined;
    const timer = setTimeout(() => setSettled(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, isQuick]);
  const current = isQuick ? text : settled;
  const read = useMemo(() => readRequestText(type, current), [type, current]);
  return { ...read, isSettled: current === text };
}
