// How the reasons of skipped tests are printed.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { skippedReasons } from '../../scripts/test/skipped-reasons.ts';

const reasons = suite('reasons of skipped tests');

reasons('are found on lines of marks, printed once, and joined if the engine lacks something', () => {
  const outputs = [
    '• • skipped: this engine has no tags\n• skipped: the page: no browser\n',
    'skipped: this engine has no gc\nskipped: this engine has no tags\nnot this\n',
  ];
  assert.equal(skippedReasons(outputs), ['skipped: this engine has no gc, tags', 'skipped: the page: no browser']);
  assert.equal(skippedReasons(['• •']), []);
});

reasons.run();
