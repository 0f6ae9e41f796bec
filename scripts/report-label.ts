/** Precedes the report, which is JSON on one line of a script's standard output. */
export const reportLabel = 'report: ';
