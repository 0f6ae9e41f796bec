import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { followState, type PageState, readState, type SetState, writeState } from '../state.ts';

/** The fields whose change is a step that the reader can take back. */
const STEPS: readonly (keyof PageState)[] = ['panel', 'sample', 'rule', 'func', 'call'];

/**
 * The state of the page, and a function that changes fields of it. The address has the state too,
 * as far as it fits there and the browser lets the page write it.
 */
export function usePageState(): readonly [PageState, SetState] {
  const [state, setShown] = useState(() => readState(location.hash));
  const latest = useRef(state);
  const show = (next: PageState): void => {
    latest.current = next;
    setShown(next);
  };
  useEffect(() => {
    const follow = (): void => show(followState(latest.current, location.hash));
    addEventListener('hashchange', follow);
    addEventListener('popstate', follow);
    return () => {
      removeEventListener('hashchange', follow);
      removeEventListener('popstate', follow);
    };
  }, []);
  const setState = useCallback<SetState>((change) => {
    const before = latest.current;
    const after = { ...before, ...(typeof change === 'function' ? change(before) : change) };
    writeAddress(
      after,
      STEPS.some((name) => before[name] !== after[name]),
    );
    show(after);
  }, []);
  return [state, setState];
}

function writeAddress(state: PageState, isStep: boolean): void {
  try {
    if (isStep) history.pushState(null, '', writeState(state));
    else history.replaceState(null, '', writeState(state));
  } catch {
    // Safari throws at the 101st change within a few seconds. The next change writes all of it.
  }
}
