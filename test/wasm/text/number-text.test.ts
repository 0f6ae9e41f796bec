import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { f32Text, f64Text, v128Text } from '../../../src/wasm/text/number-text.ts';
import { wat } from '../../support/wat.ts';
import { onlyExpression } from '../instructions/decode.ts';

const numbers = suite('numbers as text');

function view32(bits: number): DataView {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, bits, true);
  return view;
}

function view64(bits: bigint): DataView {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, bits, true);
  return view;
}

const f32: Readonly<Record<string, number>> = {
  '0': 0,
  '-0': 0x8000_0000,
  '1': 0x3f80_0000,
  '0.1': 0x3dcc_cccd,
  '-1.5': 0xbfc0_0000,
  '16777216': 0x4b80_0000,
  '1e-45': 1,
  '3.4028235e+38': 0x7f7f_ffff,
  inf: 0x7f80_0000,
  '-inf': 0xff80_0000,
  nan: 0x7fc0_0000,
  '-nan': 0xffc0_0000,
  'nan:0x1': 0x7f80_0001,
  '-nan:0x7fffff': 0xffff_ffff,
};

const f64: Readonly<Record<string, bigint>> = {
  '-0': 1n << 63n,
  '0.1': 0x3fb9_9999_9999_999an,
  '5e-324': 1n,
  '1.7976931348623157e+308': 0x7fef_ffff_ffff_ffffn,
  '-inf': 0xfff0_0000_0000_0000n,
  nan: 0x7ff8_0000_0000_0000n,
  'nan:0x1': 0x7ff0_0000_0000_0001n,
  '-nan:0xfffffffffffff': 0xffff_ffff_ffff_ffffn,
};

/** The bytes that an assembler makes of the constant. */
async function assembled(type: string, text: string): Promise<number[]> {
  const code = onlyExpression(await wat(`(module (func ${type}.const ${text} drop))`));
  return [...code.subarray(code.length - { f32: 6, f64: 10 }[type as 'f32' | 'f64'], -2)];
}

for (const [text, bits] of Object.entries(f32)) {
  numbers(`f32 ${text}`, async () => {
    assert.is(f32Text(view32(bits)), text);
    assert.equal(await assembled('f32', text), [...new Uint8Array(view32(bits).buffer)]);
  });
}

for (const [text, bits] of Object.entries(f64)) {
  numbers(`f64 ${text}`, async () => {
    assert.is(f64Text(view64(bits)), text);
    assert.equal(await assembled('f64', text), [...new Uint8Array(view64(bits).buffer)]);
  });
}

numbers('f32 reads back as the same bits, whatever they are', () => {
  // Not at random: bits all over the range.
  for (let bits = 0; bits < 0x7f80_0000; bits += 0x3_5713) {
    assert.is(Math.fround(Number(f32Text(view32(bits)))), view32(bits).getFloat32(0, true));
  }
});

numbers('v128 is four lanes in hexadecimal', () => {
  const bytes = Uint8Array.from({ length: 16 }, (_, index) => index);
  assert.is(v128Text(new DataView(bytes.buffer)), 'i32x4 0x03020100 0x07060504 0x0b0a0908 0x0f0e0d0c');
});

numbers.run();
