// Says aloud what this machine cannot test, in a form that .ci/run finds and repeats at its end.

/** Says which tests are skipped, by their file or a word more, and why. */
export function saySkipped(what: string, why: string): void {
  process.stderr.write(`SKIPPED: ${what}: ${why}\n`);
}
