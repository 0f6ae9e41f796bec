import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { releaseOf } from '../../../src/cli/program/process-io.ts';

const release = suite('releaseOf');

const manifest = { version: '1.2.3', repository: { type: 'git', url: 'git+https://github.com/a/b.git' } };

release('finds the files of the version on GitHub', () => {
  assert.equal(releaseOf(manifest), { version: '1.2.3', files: 'https://github.com/a/b/blob/v1.2.3/' });
});

release('knows no files of a repository that is elsewhere, or of none', () => {
  const elsewhere = { ...manifest, repository: { type: 'git', url: 'git+https://example.com/a/b.git' } };
  assert.equal(releaseOf(elsewhere), { version: '1.2.3' });
  assert.equal(releaseOf({ version: '1.2.3' }), { version: '1.2.3' });
  assert.equal(releaseOf(null), { version: '' });
});

release.run();
