/** A module that is no host module. */
export const createOptions = undefined;
