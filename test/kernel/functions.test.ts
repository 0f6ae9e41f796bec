import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { emitKernelModule } from '../../src/kernel/code/emit.ts';
import {
  isKernelFunctionName,
  kernelFunctionNames,
  kernelFunctionSignature,
  kernelFunctions,
  logLevelNumber,
  logLevels,
} from '../../src/kernel/functions.ts';
import { kernelFunctionMeanings } from '../../src/kernel/meanings.ts';
import { functionType, readModule } from '../../src/wasm/index.ts';
import { kernelImports } from '../support/kernel-imports.ts';
import { wat } from '../support/wat.ts';

const functions = suite('kernel function table');

/**
 * `extism:host/env` as in abi/KERNEL.md: types by name, read from a module that imports them all.
 */
const asked = readModule(await wat(`(module ${kernelImports})`));
const abi = Object.fromEntries(asked.imports.map(({ name }, index) => [name, functionType(asked, index)]));

const tableTypes = Object.fromEntries(
  kernelFunctionNames.map((name) => [name, { kind: 'func', ...kernelFunctionSignature(name) }]),
);

functions('has every function of the ABI with its type, and no other', () => {
  assert.is(kernelFunctionNames.length, 32);
  assert.equal(tableTypes, abi);
});

functions('is what the emitted module exports', () => {
  const module = readModule(emitKernelModule());
  const exported = module.exports.filter(({ kind, name }) => kind === 'function' && name !== 'begin');
  assert.equal(Object.fromEntries(exported.map(({ name, index }) => [name, functionType(module, index)])), abi);
});

functions('has a meaning and parameter names for each function', () => {
  for (const name of kernelFunctionNames) {
    const { params } = kernelFunctions[name];
    assert.ok(kernelFunctionMeanings[name].length > 10, name);
    assert.is(new Set(params.map((param) => param.name)).size, params.length, name);
  }
});

functions('knows its own names, but no name of Object.prototype', () => {
  for (const name of kernelFunctionNames) assert.ok(isKernelFunctionName(name));
  for (const name of ['', 'begin', 'memory', 'constructor', '__proto__', 'toString', 'hasOwnProperty']) {
    assert.not(isKernelFunctionName(name), name);
  }
});

functions.run();

const levels = suite('log levels');

levels('have the numbers of the ABI', () => {
  assert.equal(
    [...logLevels, 'off' as const].map((level) => [level, logLevelNumber(level)]),
    [
      ['trace', 0],
      ['debug', 1],
      ['info', 2],
      ['warn', 3],
      ['error', 4],
      ['off', 2147483647],
    ],
  );
});

levels.run();
