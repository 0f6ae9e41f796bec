/** A module without `createHostOptions`. */
export const createOptions = undefined;
