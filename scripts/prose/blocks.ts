/** What a line of a file is. */
export type LineKind = 'code' | 'comment' | 'prose' | 'table' | 'exempt';

/** A line, without what marks it as a comment. */
export interface Line {
  /** From 1. */
  readonly number: number;
  readonly kind: LineKind;
  /** The whole line. */
  readonly text: string;
  /** A comment without its `//` or `*`; else the whole line, trimmed. */
  readonly content: string;
}

/** Opens or closes a fenced block. */
const fence = /^(```|~~~)/;
/** Begins or ends a generated part of a Markdown file. */
const generated = /^<!-- [\w-]+:(begin|end) -->$/;

function markdownLines(lines: readonly string[]): Line[] {
  let fenced = false;
  let isGenerated = false;
  return lines.map((text, index): Line => {
    const content = text.trim();
    const marker = generated.exec(content)?.[1];
    if (marker !== undefined && !fenced) isGenerated = marker === 'begin';
    const isFence = !isGenerated && fence.test(content);
    if (isFence) fenced = !fenced;
    const exempt = isFence || fenced || isGenerated || marker !== undefined;
    const kind = exempt ? 'exempt' : content.startsWith('|') ? 'table' : 'prose';
    return { number: index + 1, kind, text, content };
  });
}

/**
 * A comment is a line that begins with `//`, or lies in a block that begins with `/*` at the start
 * of a line. What follows code on its line counts as code.
 */
function sourceLines(lines: readonly string[]): Line[] {
  let inBlock = false;
  let fenced = false;
  return lines.map((text, index): Line => {
    const trimmed = text.trim();
    const opens = !inBlock && trimmed.startsWith('/*');
    const isComment = inBlock || opens || trimmed.startsWith('//');
    if (!isComment) {
      fenced = false;
      return { number: index + 1, kind: 'code', text, content: trimmed };
    }
    if (inBlock || opens) inBlock = !trimmed.includes('*/', opens ? 2 : 0);
    const content = trimmed.replace(/^(\/\/|\/\*+|\*(?!\/))\s?/, '').replace(/\s*\*\/$/, '');
    const isFence = fence.test(content.trim());
    const exempt = isFence || fenced;
    if (isFence) fenced = !fenced;
    const kind = exempt ? 'exempt' : content.trimStart().startsWith('|') ? 'table' : 'comment';
    return { number: index + 1, kind, text, content };
  });
}

/**
 * Splits a file into lines, and says what each is.
 *
 * @param path decides how the file is read: as Markdown, or as TypeScript or JavaScript.
 * @param text the file.
 * @returns the lines. `exempt` are those of fenced blocks and of generated parts of Markdown.
 */
export function linesOf(path: string, text: string): Line[] {
  const lines = text.split('\n');
  return path.endsWith('.md') ? markdownLines(lines) : sourceLines(lines);
}

/**
 * Joins neighbouring lines of prose, or of one comment, so that a phrase is found that a line break
 * divides.
 *
 * @param lines the lines of a file.
 * @returns groups of lines; an empty line ends a group, and a line of code or of a table is one by
 *   itself.
 */
export function paragraphsOf(lines: readonly Line[]): Line[][] {
  const groups: Line[][] = [];
  let open: Line[] | undefined;
  for (const line of lines) {
    if (line.kind === 'exempt' || line.content === '') {
      open = undefined;
      continue;
    }
    const joins = line.kind === 'comment' || line.kind === 'prose';
    if (joins && open?.[0]?.kind === line.kind) open.push(line);
    else {
      const group = [line];
      groups.push(group);
      open = joins ? group : undefined;
    }
  }
  return groups;
}
