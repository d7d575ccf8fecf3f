// The line that Cloud Logging keeps of each request, the address with its query included: what must not be read there must
// not stand in an address (https://cloud.google.com/run/docs/logging#request-logs).
import type { FunctionName } from "../../shared/functions.ts";

export type Logged = {
  service: FunctionName;
  project: string;
  method: string;
  /** As it was asked for. */
  url: string;
  status: number;
  at: Date;
  milliseconds: number;
  remoteIp: string;
  userAgent: string;
};

/** One line of JSON, with its end. */
export function requestLine(logged: Logged): string {
  const { service, project, method, url, status, at, milliseconds, remoteIp, userAgent } = logged;
  return `${JSON.stringify({
    severity: status >= 500 ? "ERROR" : status >= 400 ? "WARNING" : "INFO",
    logName: `projects/${project}/logs/run.googleapis.com%2Frequests`,
    resource: { type: "cloud_run_revision", labels: { service_name: service } },
    timestamp: at.toISOString(),
    httpRequest: {
      requestMethod: method,
      requestUrl: url,
      status,
      latency: `${(milliseconds / 1000).toFixed(6)}s`,
      remoteIp,
      userAgent,
    },
  })}\n`;
}
