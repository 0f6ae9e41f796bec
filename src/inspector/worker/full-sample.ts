/** What the sample with every option is called: its values are those that a form adds. */
export const FULL_SAMPLE = 'every option set';
