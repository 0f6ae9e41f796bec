/** A source that is changed in one place. */
export interface Mutant {
  /** The line of the change, from 1. */
  readonly line: number;
  /** The change, to print. */
  readonly change: string;
  /** The whole source with the change. */
  readonly mutated: string;
}

/** A pattern, and what each match of it becomes. */
type Rule = readonly [pattern: RegExp, become: (match: string) => readonly string[]];

const swaps = (pairs: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    pairs
      .map((pair) => pair.split(' '))
      .flatMap(([one = '', other = '']) => [
        [one, other],
        [other, one],
      ]),
  );
const operators: Readonly<Record<string, string>> = {
  ...swaps(['=== !==', '< <=', '> >=', '+ -', '& |', '<< >>>', '&& ||', '+= -=']),
  '*': '/',
};
const instructions = swaps(['lt le', 'gt ge', 'add sub', 'shl shr_u', 'and or', 'eq ne']);
const plusOne = (digits: string): string => String(BigInt(digits.replaceAll('_', '')) + 1n);

/** What is changed in code. */
const codeRules: readonly Rule[] = [
  [/(?<= )(===|!==|<<|>>>|&&|\|\||[<>]=?|[-+]=?|[&|*])(?= )/g, (operator) => [operators[operator] ?? '']],
  [/\b(true|false)\b/g, (literal) => [literal === 'true' ? 'false' : 'true']],
  [/(?<![\w.$#])(0x[\da-f_]+|\d[\d_]*)(?=n?\b)/gi, (digits) => [plusOne(digits)]],
  [/\+\+/g, () => ['--']],
  [/(?<=[(\s])!(?=[\w(#])/g, () => ['']],
  // Conditions, with parentheses four deep.
  [/(?<=\bif )\((?:[^()]|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))*\)/g, () => ['(true)', '(false)']],
  // Statements of one line: calls, assignments, early exits.
  [/(?<=\n *)(this[.#]|[\w.#[\]]+\(|[\w.#[\]]+ [-+]?= |return\b|throw\b)[^\n{]*;(?=\n)/g, () => [';']],
];

/**
 * What is changed in a WebAssembly text. Removing an instruction leaves the stack as deep as it
 * was.
 */
const textRules: readonly Rule[] = [
  [/(?<=\bi(32|64)\.)(lt|le|gt|ge|add|sub|shl|shr_u|and|or|eq|ne)(?=\b|_)/g, (name) => [instructions[name] ?? '']],
  [/(?<=\bi(32|64)\.const )(0x[\da-f]+|\d+)/g, (digits) => [plusOne(digits)]],
  [/(?<=\boffset=)\d+/g, (digits) => [plusOne(digits)]],
  [/\bi32\.eqz\b/g, () => ['nop']],
  [/\bif\s+(i(32|64)\.const \d+\s+)?(return|unreachable)\s+end/g, (exit) => ['drop', `drop  i32.const 1  ${exit}`]],
  [/\b(br_if \$\w+|global\.set \$\w+|call \$raise_high)/g, () => ['drop']],
  [/\bi(32|64)\.store\w*|\bselect\b/g, () => ['drop  drop']],
  [/\bmemory\.(fill|copy)\b/g, () => ['drop  drop  drop']],
];

type Kind = 'code' | 'text' | 'comment';

/**
 * Two copies of a source: `code` has strings and comments masked, `text` everything but strings.
 */
function split(source: string): { readonly code: string; readonly text: string } {
  const kinds: Kind[] = [];
  const open: string[] = []; // the quotes and `${` that are open, innermost last
  for (let at = 0; at < source.length; ) {
    const within = open.at(-1);
    const character = source[at] ?? '';
    const quoted = within !== undefined && within !== '{';
    const comment = quoted ? undefined : /^(\/\/.*|\/\*[\s\S]*?\*\/)/.exec(source.slice(at, at + 5000))?.[0];
    const isPair = quoted && (character === '\\' || source.startsWith('${', at));
    const length = comment?.length ?? (isPair ? 2 : 1);
    kinds.push(...Array<Kind>(length).fill(comment ? 'comment' : quoted ? 'text' : 'code'));
    if (quoted && character === within) open.pop();
    else if (within === '`' && source.startsWith('${', at)) open.push('{');
    else if (!quoted && /['`"{]/.test(character)) open.push(character);
    else if (!quoted && character === '}') open.pop();
    at += length;
  }
  const only = (kind: Kind): string =>
    source.replace(/./g, (character, at: number) => (kinds[at] === kind ? character : '\0'));
  return { code: only('code'), text: only('text') };
}

/**
 * Finds all changes of one source.
 *
 * @param source JavaScript, or TypeScript whose types are blanked.
 * @param hasInstructions whether its strings are WebAssembly texts, which are changed too.
 * @returns the changes.
 */
export function mutantsOf(source: string, hasInstructions: boolean): Mutant[] {
  const { code, text } = split(source);
  const searches = [
    ...codeRules.map((rule) => ({ searched: code, rule })),
    ...(hasInstructions ? textRules.map((rule) => ({ searched: text, rule })) : []),
  ];
  const matches = searches.flatMap(({ searched, rule: [pattern, become] }) =>
    [...searched.matchAll(pattern)].map(({ 0: before, index }) => ({ before, index, become })),
  );
  return matches.flatMap(({ before, index, become }) =>
    become(before).map((after) => {
      const line = source.slice(0, index).split('\n').length;
      const [kept, rest] = [source.slice(0, index), source.slice(index + before.length)];
      const shown = (source.split('\n')[line - 1] ?? '').trim().replace(/ +/g, ' ');
      const removed = source.slice(index, index + before.length);
      return { line, change: `${removed} -> ${after || '(nothing)'}    in: ${shown}`, mutated: kept + after + rest };
    }),
  );
}
