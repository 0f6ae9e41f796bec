import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AssemblyError, type AssemblyScope, assemble } from '../../../src/wasm/emit/assembler.ts';
import { ModuleBuilder, type NumberType } from '../../../src/wasm/emit/module-builder.ts';
import { thrownBy } from '../../support/failure.ts';

const assembler = suite('assembler');

const scope: AssemblyScope = {
  locals: new Map([
    ['first', 0],
    ['second', 200],
  ]),
  globals: new Map([['count', 3]]),
  functions: new Map([['helper', 130]]),
  memory: 0,
};

const bodies: readonly (readonly [text: string, ...bytes: readonly number[]])[] = [
  [''],
  [' ;; nothing but a comment'],
  ['nop ;; nop\n nop', 0x01, 0x01],
  ['local.get $first local.set $second', 0x20, 0x00, 0x21, 0xc8, 0x01],
  ['global.get $count call $helper', 0x23, 0x03, 0x10, 0x82, 0x01],
  [
    'i32.const -1 i32.const 0x7fffffff i32.const -2147483648',
    0x41,
    0x7f,
    0x41,
    0xff,
    0xff,
    0xff,
    0xff,
    0x07,
    0x41,
    0x80,
    0x80,
    0x80,
    0x80,
    0x78,
  ],
  // A constant may be written signed or unsigned: the bits are the same.
  ['i32.const 0xffffffff', 0x41, 0x7f],
  ['i64.const 0xffffffff', 0x42, 0xff, 0xff, 0xff, 0xff, 0x0f],
  ['i64.const -16', 0x42, 0x70],
  ['i64.const 0xffffffffffffffff', 0x42, 0x7f],
  ['block end', 0x02, 0x40, 0x0b],
  ['loop (result i64) i64.const 0 end', 0x03, 0x7e, 0x42, 0x00, 0x0b],
  ['i32.const 1 if (result f32) unreachable else unreachable end', 0x41, 0x01, 0x04, 0x7d, 0x00, 0x05, 0x00, 0x0b],
  [
    'block $outer loop $inner br $inner br $outer end br $outer end',
    0x02,
    0x40,
    0x03,
    0x40,
    0x0c,
    0x00,
    0x0c,
    0x01,
    0x0b,
    0x0c,
    0x00,
    0x0b,
  ],
  ['block $same block $same br $same end br $same end', 0x02, 0x40, 0x02, 0x40, 0x0c, 0x00, 0x0b, 0x0c, 0x00, 0x0b],
  [
    'block $named (result i32) i32.const 0 br_if $named i32.const 0 end',
    0x02,
    0x7f,
    0x41,
    0x00,
    0x0d,
    0x00,
    0x41,
    0x00,
    0x0b,
  ],
  ['i32.load8_u offset=12', 0x2d, 0x00, 0x0c],
  ['i64.store offset=0x100 i32.load', 0x37, 0x00, 0x80, 0x02, 0x28, 0x00, 0x00],
  ['memory.size memory.grow', 0x3f, 0x00, 0x40, 0x00],
  ['memory.copy memory.fill', 0xfc, 0x0a, 0x00, 0x00, 0xfc, 0x0b, 0x00],
];
for (const [text, ...bytes] of bodies) {
  assembler(`assembles "${text}"`, () => assert.equal(assemble(text, scope), bytes));
}

assembler('each access names its memory unless it is the first', () => {
  assert.equal(assemble('i32.load offset=1 i64.store8 memory.size memory.copy', { ...scope, memory: 2 }), [
    ...[0x28, 0x40, 0x02, 0x01],
    ...[0x3c, 0x40, 0x02, 0x00],
    ...[0x3f, 0x02],
    ...[0xfc, 0x0a, 0x02, 0x02],
  ]);
});

const refused: readonly (readonly [text: string, message: RegExp])[] = [
  ['i32.frobnicate', /i32\.frobnicate/],
  ['(nop)', /unknown instruction \(/],
  ['local.get $third', /unknown local \$third/],
  ['local.get first', /unknown local first/],
  // The first letter is not the missing `$`: this is not `$first`.
  ['local.get xfirst', /unknown local xfirst/],
  ['local.get 0', /unknown local 0/],
  ['global.get $first', /unknown global \$first/],
  ['call $count', /unknown function \$count/],
  ['br $nowhere', /unknown label \$nowhere/],
  ['block $a end br $a', /unknown label \$a/],
  ['br 0', /unknown label 0/],
  ['end', /closes no block/],
  ['block end end', /closes no block/],
  ['block loop end', /1 blocks are not closed/],
  ['block (param i32) end', /block type/],
  ['block (result i8) end', /i8/],
  ['block (result', /ends in the middle/],
  ['i32.const', /ends in the middle/],
  ['local.get', /ends in the middle/],
  ['i32.const one', /one/],
  ['i64.const 1.5', /1\.5/],
  ['i32.const 0x100000000', /0x100000000/],
  ['i32.const -2147483649', /-2147483649/],
  ['i64.const 0x10000000000000000', /0x10000000000000000/],
  ['i32.load offset=', /offset=/],
  ['i32.load offset=x', /offset=x/],
  ['i32.load offset=-1', /offset=-1/],
  ['i32.load offset=0x100000000', /offset=0x100000000/],
  ['f32.const 0', /f32\.const.*f32/],
  ['call_indirect', /call_indirect/],
];
for (const [text, message] of refused) {
  assembler(`refuses "${text}"`, () => {
    const thrown = thrownBy(() => assemble(text, scope));
    assert.instance(thrown, AssemblyError);
    assert.match(String(thrown), message);
  });
}

assembler('assembled code runs', () => {
  const module = new ModuleBuilder();
  const signature = { params: ['i32'], results: ['i32'] } as const satisfies Record<string, readonly NumberType[]>;
  const locals = new Map([
    ['n', 0],
    ['product', 1],
  ]);
  const body = assemble(
    `i32.const 1  local.set $product
     block $done
       loop $next
         local.get $n  i32.eqz  br_if $done
         local.get $product  local.get $n  i32.mul  local.set $product
         local.get $n  i32.const 1  i32.sub  local.set $n
         br $next
       end
     end
     local.get $product`,
    { locals, globals: new Map(), functions: new Map(), memory: 0 },
  );
  module.export('factorial', 'function', module.function(signature, ['i32'], body));
  const { factorial } = new WebAssembly.Instance(new WebAssembly.Module(module.bytes())).exports;
  assert.type(factorial, 'function');
  if (typeof factorial === 'function') assert.is(factorial(6), 720);
});

assembler.run();
