/** Whether a value from a JSON text is of some shape. */
export type Shape = (value: unknown) => boolean;

/** A text. */
export const isText: Shape = (value) => typeof value === 'string';

/** A whole number from 0 up, which a double holds exactly. */
export const isCount: Shape = (value) => Number.isSafeInteger(value) && Number(value) >= 0;

/** A value of the shape, or none. */
export const isOptional =
  (shape: Shape): Shape =>
  (value) =>
    value === undefined || shape(value);

/** A list, each of whose items is of the shape. */
export const isListOf =
  (shape: Shape): Shape =>
  (value) =>
    Array.isArray(value) && value.every(shape);

/** A list with one item for each shape. */
export const isTupleOf =
  (...shapes: readonly Shape[]): Shape =>
  (value) =>
    Array.isArray(value) && value.length === shapes.length && shapes.every((shape, index) => shape(value[index]));

/** An object whose fields are of these shapes. It may have more fields. */
export const isObjectOf =
  (fields: Readonly<Record<string, Shape>>): Shape =>
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(fields).every(([name, shape]) => shape(Reflect.get(value, name)));

/** A function type: two lists of the names of value types. */
export const isFunctionType: Shape = /* @__PURE__ */ isObjectOf({
  params: /* @__PURE__ */ isListOf(isText),
  results: /* @__PURE__ */ isListOf(isText),
});
