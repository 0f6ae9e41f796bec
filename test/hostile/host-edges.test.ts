import { hostileSuite } from './run-cases.ts';

const hostile = hostileSuite('Host functions');

hostile.run();
