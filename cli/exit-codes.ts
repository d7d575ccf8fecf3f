// Meanings of the exit codes of a command.
export const exitCodes = {
  done: 0,
  failure: 1,
  usage: 2,
  /** A plan would change something. */
  pending: 3,
  /** Something waits for a person's word, or was refused. */
  held: 4,
  /** Found wrong before anything was begun. */
  preflight: 5,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
