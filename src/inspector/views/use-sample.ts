import { useCallback, useEffect, useRef } from 'preact/hooks';
import { bytesOf, type Sample } from '../samples.ts';

/**
 * Opens the sample that the address names, and closes it when the address names none any more.
 *
 * @returns a function to call before a file is opened instead, which stays open.
 */
export function useSample(
  id: string,
  samples: readonly Sample[],
  open: (file: string, bytes: Uint8Array<ArrayBuffer>) => void,
  close: () => void,
): () => void {
  const isOpen = useRef(false);
  useEffect(() => {
    const sample = samples.find((each) => each.id === id);
    if (sample !== undefined) open(sample.file, bytesOf(sample));
    else if (isOpen.current) close();
    isOpen.current = sample !== undefined;
  }, [id]);
  return useCallback(() => {
    isOpen.current = false;
  }, []);
}
