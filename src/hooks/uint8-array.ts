/** Whether a value is a Uint8Array. Arrays of another realm pass too, and so do Node's Buffers. */
export function isUint8Array(value: unknown): value is Uint8Array {
  return ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === '[object Uint8Array]';
}
