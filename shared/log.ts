// One JSON line a call, as Cloud Logging reads it. The message is constant and the data stands beside it; never a name,
// an address, a login, a header or a body: what goes in is typed so that only ids, counts and words of ours fit.

export type Severity = "INFO" | "WARNING" | "ERROR";
export type LogFields = Record<string, string | number | boolean | undefined>;
export type Log = (severity: Severity, message: string, fields?: LogFields) => void;

/** Writes to a stream; Cloud Logging takes `severity` and `message` from the JSON (https://cloud.google.com/logging/docs/structured-logging). */
export function jsonLog(write: (line: string) => void, source: string): Log {
  return (severity, message, fields = {}) =>
    write(`${JSON.stringify({ severity, message, source, ...fields })}\n`);
}
