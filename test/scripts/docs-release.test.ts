import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type ReleaseFiles, releaseFaults } from '../../scripts/docs/release-check.ts';

const release = suite('the check of a release');

const files: ReleaseFiles = {
  manifest: '{"version":"1.2.3","bugs":{"url":"https://github.com/someone/package/issues"}}',
  jsr: '{"version":"1.2.3"}',
  lock: '{"version":"1.2.3"}',
  changelog: '# Changelog\n\n## [1.2.3] - 2026-12-01\n\n## [1.2.2] - 2026-11-01\n',
};

release('finds nothing if tag, files and changelog agree', () => {
  assert.equal(releaseFaults('v1.2.3', files), []);
});

release('names each file that has another version', () => {
  assert.equal(releaseFaults('v1.2.3', { ...files, jsr: '{"version":"1.2.2"}', lock: '{}' }), [
    'package-lock.json has the version undefined, the tag 1.2.3',
    'jsr.json has the version 1.2.2, the tag 1.2.3',
  ]);
});

release('refuses the placeholder of the owner, a version without its changes, and a tag that is not a version', () => {
  const placeholder = files.manifest.replace('someone', 'OWNER');
  assert.equal(releaseFaults('v1.2.3', { ...files, manifest: placeholder }).length, 1);
  assert.equal(releaseFaults('v1.2.3', { ...files, changelog: '## [Unreleased]\n' }).length, 1);
  assert.match(releaseFaults('1.2.3', files).join(), 'must be v and a version');
});

release.run();
