import { useEffect } from 'preact/hooks';

/** Set on the body while a file is dragged over the page. */
const DROPPING = 'data-dropping';

/** What a person can drop a text into. */
const FIELDS = 'textarea, input:not([type]), input[type="text"], input[type="number"]';

/** Whether files are dragged, as from the desktop, and not a text or a link of a page. */
function hasFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes('Files') === true;
}

/**
 * Keeps the browser from what it does with something that is dropped: it would leave the page for a
 * file or a link. A field takes a text.
 */
function refuseDefault(event: DragEvent): void {
  const isForField = event.target instanceof Element && event.target.closest(FIELDS) !== null;
  if (hasFiles(event) || !isForField) event.preventDefault();
}

/** Takes the files that are dropped anywhere on the page at once. */
export function useDrop(take: (files: readonly File[]) => void): void {
  useEffect(() => {
    const show = (isOver: boolean): void => {
      document.body.toggleAttribute(DROPPING, isOver);
    };
    const over = (event: DragEvent): void => {
      refuseDefault(event);
      show(hasFiles(event));
    };
    const leave = (event: DragEvent): void => show(event.relatedTarget !== null && hasFiles(event));
    const drop = (event: DragEvent): void => {
      refuseDefault(event);
      show(false);
      take([...(event.dataTransfer?.files ?? [])]);
    };
    addEventListener('dragover', over);
    addEventListener('dragleave', leave);
    addEventListener('drop', drop);
    return () => {
      removeEventListener('dragover', over);
      removeEventListener('dragleave', leave);
      removeEventListener('drop', drop);
    };
  });
}
