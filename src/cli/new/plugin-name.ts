import { ABI_ENVELOPE, IDENTITY_MAGIC, IdentityReadError, validateIdentity } from '../../protocol/identity.ts';
import { PLUGIN_NAME_MAX_BYTES } from '../../protocol/messages/index.ts';

/**
 * Finds the rule that a name breaks.
 *
 * @returns the rule as a clause; `undefined` if a plugin may have the name.
 */
export function nameFault(name: string): string | undefined {
  try {
    const names = { plugin_name: name, plugin_version: '0.1.0' };
    validateIdentity({ magic: [...IDENTITY_MAGIC], abi_envelope: ABI_ENVELOPE, ...names });
    return undefined;
  } catch (error) {
    if (!(error instanceof IdentityReadError && error.failure.kind === 'Validation')) throw error;
    // Without the name: the caller says it.
    return new IdentityReadError({ ...error.failure, found: '' }).message;
  }
}

/**
 * Finds a name like the given one that a plugin may have: `my-router` for `My Router!`.
 *
 * @returns `undefined` if nothing of it can be part of a name.
 */
export function nearestName(given: string): string | undefined {
  const name = given
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, PLUGIN_NAME_MAX_BYTES)
    .replace(/-+$/, '');
  return name === '' ? undefined : name;
}
