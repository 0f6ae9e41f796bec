/** The hash at the end of a name of Rust's old form. */
const HASH = /^h[0-9a-f]{16}$/;

/**
 * What mangled names consist of: a disambiguator (`s4NIexwV1FGX_`), a reference back (`B6_`), the
 * length of an identifier, or something else.
 */
const PART = /s[0-9A-Za-z]*_(?=u?\d|N)|B[0-9A-Za-z]*_|(?<length>\d+)_?|./gsy;

/**
 * Makes a name of the name section readable. Rust and C++ write mangled names: of those it returns
 * the identifiers, without types, so two functions may have the same text.
 *
 * @param name such as `_RNvNtCs4NIexwV1FGX_4core9panicking9panic_fmt`.
 * @returns such as `core::panicking::panic_fmt`; any other name as it is.
 */
export function readableName(name: string): string {
  const start = /^_(?:R(?=[A-Z])|ZN(?=[KSt]*\d))/.exec(name)?.[0];
  if (start === undefined) return name;
  const path = identifiers(name, start.length).filter((identifier) => !HASH.test(identifier));
  return path.length === 0 ? name : path.join('::');
}

/** Returns the identifiers of a mangled name, each of which follows its length. */
function identifiers(name: string, start: number): string[] {
  const found: string[] = [];
  const part = new RegExp(PART);
  part.lastIndex = start;
  for (let match = part.exec(name); match !== null; match = part.exec(name)) {
    const length = match.groups?.length;
    if (length === undefined) continue;
    // An identifier that begins with `_` or a digit follows a separator `_`, which PART has taken.
    const end = part.lastIndex + Number(length);
    const text = name.slice(part.lastIndex, end);
    if (text !== '') found.push(text);
    part.lastIndex = end;
  }
  return found;
}
