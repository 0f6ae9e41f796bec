import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { PanelProps } from '../panels/panel.ts';
import type { PageState } from '../state.ts';
import type { SampleRequest } from '../worker/calls.ts';

/** How long the reader must pause before the address holds what was typed, in milliseconds. */
const PAUSE_MS = 500;

/**
 * Keeps the request in the address, if it is not that which the sample has: when the reader pauses,
 * and before the reader leaves.
 */
export function useRequestInAddress(
  text: string,
  sample: SampleRequest | undefined,
  { state, setState }: Pick<PanelProps, 'state' | 'setState'>,
): void {
  /** The request that the address does not have yet, with the state in which it was composed. */
  const waiting = useRef<PageState | undefined>(undefined);
  /** @param isFor whether it is for what is shown now. */
  const write = (isFor: (now: PageState, composed: PageState) => boolean): void => {
    const { current: composed } = waiting;
    if (composed === undefined) return;
    waiting.current = undefined;
    setState((now) => (isFor(now, composed) ? { request: composed.request } : {}));
  };
  // Before the browser draws, so that no key is pressed and forgotten.
  useLayoutEffect(() => {
    const request = text === sample?.text ? '' : text;
    const isWritten = sample === undefined || request === state.request;
    waiting.current = isWritten ? undefined : { ...state, request };
    if (isWritten) return undefined;
    const timer = setTimeout(() => write(isSameCall), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, sample]);
  useEffect(() => {
    const leave = (): void => write(isSameCall);
    // Before a link is followed: the address that is left needs the request too, for a step back.
    addEventListener('click', leave, { capture: true });
    addEventListener('pagehide', leave);
    return () => {
      removeEventListener('click', leave, { capture: true });
      removeEventListener('pagehide', leave);
      // After a step back, which nobody clicks. If the part is the same, another plugin is opened.
      write((now, composed) => now.panel !== composed.panel && isSameCall(now, composed));
    };
  }, []);
}

/** Another sample, or another call, begins with a request of its own. */
function isSameCall(now: PageState, composed: PageState): boolean {
  return now.sample === composed.sample && now.call === composed.call;
}
