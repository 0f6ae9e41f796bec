import { useEffect } from 'preact/hooks';

/** Set on the body while a file is dragged over the page. */
const DROPPING = 'data-dropping';

/** Takes a file that is dropped anywhere on the page. */
export function useDrop(take: (file: File) => void): void {
  useEffect(() => {
    const show = (isOver: boolean): void => {
      document.body.toggleAttribute(DROPPING, isOver);
    };
    const over = (event: DragEvent): void => {
      event.preventDefault();
      show(true);
    };
    const leave = ({ relatedTarget }: DragEvent): void => show(relatedTarget !== null);
    const drop = (event: DragEvent): void => {
      event.preventDefault();
      show(false);
      const [file] = event.dataTransfer?.files ?? [];
      if (file !== undefined) take(file);
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
