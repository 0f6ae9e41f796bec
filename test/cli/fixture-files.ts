/** A plugin under fixtures/, and what admission says of it. */
export interface FixtureFile {
  /** The path from fixtures/ on. */
  readonly path: string;
  /** `name version`; missing if it has no identity. */
  readonly identity?: string;
  /** The layer that rejects it and the kind of the failure; missing if it is admitted. */
  readonly rejected?: readonly [layer: string, kind: string];
  /** The negotiated functions; missing if the handshake fails. */
  readonly functions?: readonly string[];
  readonly slots?: readonly string[];
}

const behaviour = (name: string, kind: string): FixtureFile => ({
  path: `behaviour/${name}.wasm`,
  identity: `${name} 1.0.0`,
  rejected: ['handshake', kind],
});

/** All plugins in the table of fixtures/README.md. */
export const fixtureFiles: readonly FixtureFile[] = [
  { path: 'router/router.wasm', identity: 'router 1.0.0', functions: ['filter'], slots: ['router'] },
  {
    path: 'dialect/dialect.wasm',
    identity: 'dialect 1.0.0',
    functions: ['normalize_error', 'shape'],
    slots: ['shape'],
  },
  {
    path: 'signer/signer.wasm',
    identity: 'signer 1.0.0',
    functions: ['build_signer', 'on_unauthorized', 'sign'],
    slots: [],
  },
  {
    path: 'observer/observer.wasm',
    identity: 'observer 1.0.0',
    functions: ['observe'],
    slots: ['observability_hook'],
  },
  { path: 'host-calls/host-calls.wasm', rejected: ['identity', 'MissingCustomSection'] },
  {
    path: 'behaviour/bad-answers.wasm',
    identity: 'bad-answers 1.0.0',
    functions: ['build_signer', 'filter', 'normalize_error', 'observe', 'on_unauthorized', 'shape', 'sign'],
    slots: ['router', 'observability_hook', 'shape'],
  },
  {
    path: 'behaviour/self-check-failure.wasm',
    identity: 'self-check-failure 1.0.0',
    rejected: ['self_check', 'FailureStatus'],
    functions: ['observe'],
    slots: ['observability_hook'],
  },
  behaviour('echo', 'DecodeAccept'),
  behaviour('echo-u64', 'DecodeAccept'),
  behaviour('infinite-loop', 'Timeout'),
  behaviour('trap', 'Call'),
  behaviour('exit-code', 'Call'),
  behaviour('sets-error', 'Call'),
  behaviour('no-output', 'DecodeAccept'),
  behaviour('not-utf8', 'Call'),
  { path: 'behaviour/no-identity.wasm', rejected: ['identity', 'MissingCustomSection'] },
  { path: 'behaviour/two-identities.wasm', rejected: ['identity', 'DuplicateCustomSection'] },
  { path: 'behaviour/wrong-magic.wasm', rejected: ['identity', 'MagicMismatch'] },
];
