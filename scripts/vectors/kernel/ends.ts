import { fails, type WrittenEnd } from '../ends.ts';

/** The end of a call that a kernel function ends. */
export const ended: WrittenEnd = fails('KernelFunction');

/** The same, with the name of the function. */
export const endedBy = (name: string): WrittenEnd => fails('KernelFunction', { function: name });
