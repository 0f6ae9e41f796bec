/**
 * Says what is wrong with a section that this package wrote into a module, but cannot read.
 *
 * @param section its name.
 * @param found the version that it has, if that is a number.
 * @param read the version that this package reads.
 * @returns the end of an error message, with what to do.
 */
export function versionFault(section: string, found: unknown, read: number): string {
  if (typeof found !== 'number' || found === read) return `its section ${section} is damaged: prepare the plugin again`;
  const [age, advice] =
    found < read
      ? ['an older', 'prepare the plugin again with this version']
      : ['a newer', 'update this package here, or prepare the plugin again with this version'];
  return `${age} version of this package wrote its section ${section} (${found}, this one reads ${read}): ${advice}`;
}
