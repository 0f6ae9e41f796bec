import * as fc from 'fast-check';

const marks = fc.constantFrom(
  ...['', '"', '\\', '\\u', '{', '}', '[', ']', ',', ':', '0', '-', '.', 'e9', ' ', '\u0000', 'null', '1e999'],
  ...['true', '1.0', '-0', '"x"', '[]', '{}', '4294967296', '18446744073709551616', '\ufeff', '"\\ud83d"', '"a":1,'],
);

/** Texts of JSON. Most are valid, some are damaged. */
export function damaged(texts: fc.Arbitrary<string>, share = 1): fc.Arbitrary<string> {
  const damage = fc.tuple(fc.nat(), fc.nat(4), marks);
  const wrong = fc.tuple(texts, fc.array(damage, { minLength: 1, maxLength: 2 })).map(([text, damages]) =>
    damages.reduce((whole, [place, removed, mark]) => {
      const at = place % (whole.length + 1);
      return whole.slice(0, at) + mark + whole.slice(at + removed);
    }, text),
  );
  return fc.oneof({ weight: 2, arbitrary: texts }, { weight: share, arbitrary: wrong });
}

/** Whether UTF-8 can encode a text. Cases are stored in a file. */
export const isWellFormed = (text: string): boolean =>
  !/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text);
