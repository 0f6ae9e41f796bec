// Makes the records of the published host anew, under fixtures/reference/: npm run test:reference
// Plain JavaScript, so that Node 20 can start it.
import '../typescript.mjs';

await import('./record.ts');
