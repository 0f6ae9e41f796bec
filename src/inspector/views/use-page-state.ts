import { useCallback, useEffect, useState } from 'preact/hooks';
import { type PageState, readState, writeState } from '../state.ts';

/** The fields whose change is a step that the reader can take back. */
const STEPS: readonly (keyof PageState)[] = ['panel', 'sample', 'rule', 'func', 'call'];

/** The state in the address of the page, and a function that changes fields of it. */
export function usePageState(): readonly [PageState, (change: Partial<PageState>) => void] {
  const [state, setShown] = useState(() => readState(location.hash));
  useEffect(() => {
    const follow = (): void => setShown(readState(location.hash));
    addEventListener('hashchange', follow);
    addEventListener('popstate', follow);
    return () => {
      removeEventListener('hashchange', follow);
      removeEventListener('popstate', follow);
    };
  }, []);
  const setState = useCallback((change: Partial<PageState>) => {
    const before = readState(location.hash);
    const after = { ...before, ...change };
    const isStep = STEPS.some((name) => before[name] !== after[name]);
    if (isStep) history.pushState(null, '', writeState(after));
    else history.replaceState(null, '', writeState(after));
    setShown(after);
  }, []);
  return [state, setState];
}
