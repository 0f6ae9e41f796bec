import { hostileSuite } from './run-cases.ts';

const hostile = hostileSuite('growth, and gigantic declarations');

hostile.run();
