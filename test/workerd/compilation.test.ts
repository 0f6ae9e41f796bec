// An edge worker may not compile: bytes are refused, and the error says what to do.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compilations, type Outcome, outcomeOf, writers } from './compilations.ts';
import { compilationsAtModuleScope } from './module-scope.ts';

const forbidden = suite('compiling in workerd');

const ADVICE =
  /^this environment does not allow WebAssembly to be compiled at run time; prepare the plugin ahead \(.+\): /;

function assertRefused({ kind, message = '' }: Outcome): void {
  assert.is(kind, 'CompilationRefused', message);
  assert.match(message, ADVICE);
  assert.match(message, /: WebAssembly\.\w+\(\): Wasm code generation disallowed by embedder$/);
}

for (const [name, run] of Object.entries(compilations)) {
  forbidden(`${name} is refused in a handler`, () => assertRefused(outcomeOf(run)));

  forbidden(`${name} is refused at module scope`, () => assertRefused(compilationsAtModuleScope.get(name) ?? {}));
}

for (const [name, run] of Object.entries(writers)) {
  forbidden(`${name} writes bytes, which needs no engine that compiles`, () => assert.ok(run().length > 10_000));
}

forbidden.run();
