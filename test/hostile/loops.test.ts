import { hostileSuite } from './run-cases.ts';

const hostile = hostileSuite('loops without end');

hostile.run();
