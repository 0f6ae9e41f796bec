/** A JSON value in TypeScript. A `bigint` is an integer that a double cannot hold: beyond 2^53 - 1 in size, within u64 and i64. */
export type JsonValue = null | boolean | number | bigint | string | readonly JsonValue[] | JsonObject;

/** A JSON object in TypeScript; those that this package makes have no prototype, so `__proto__` is a key like any other. */
export interface JsonObject {
  readonly [key: string]: JsonValue;
}
