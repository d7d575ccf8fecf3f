// Gate of a service: Cloud Run checks the caller's token there, and takes its signature off. Whoever reads it behind the gate can
// use it nowhere else (https://cloud.google.com/run/docs/troubleshooting#signature-removed).
import { type FunctionName, pushIdentity, rowOf } from "../../shared/functions.ts";
import { audiencesOf } from "./addresses.ts";
import { badRequest, forbidden, type Page, unauthorized } from "./pages.ts";
import type { tokenReader } from "./token.ts";

/** Text that stands where the signature was. */
const marker = "SIGNATURE_REMOVED_BY_GOOGLE";

export type Gate = (
  name: FunctionName,
  request: { path: string; rawHeaders: readonly string[] },
) => { refused: Page } | { rawHeaders: string[] };

/** Doors let everybody in, workers the push identity alone: what infra/functions.ts binds. */
const invokerOf = (name: FunctionName, project: string): string =>
  rowOf(name).kind === "door" ? "allUsers" : pushIdentity(project);

/** Checks each request as Google does: its token, then the right of whoever it speaks for. */
export function gate(options: { project: string; read: ReturnType<typeof tokenReader> }): Gate {
  const { project, read } = options;
  return (name, { path, rawHeaders }) => {
    const given = (wanted: string): string[] =>
      rawHeaders.flatMap((header, at) =>
        at % 2 === 0 && header.toLowerCase() === wanted ? [rawHeaders[at + 1] ?? ""] : [],
      );
    // Which of two would be checked, and which read, is a question that must not arise.
    if (given("authorization").length > 1 || given(serverless).length > 1) return { refused: badRequest() };
    const invoker = invokerOf(name, project);
    // Credentials that a caller sends to a public service are for its code, and nobody looks at them here.
    if (invoker === "allUsers") return { rawHeaders: [...rawHeaders] };
    const header = given(serverless).length === 1 ? serverless : "authorization";
    const [credential] = given(header);
    if (credential === undefined) return { refused: forbidden(path) };
    const token = /^Bearer ([^\s,]+)$/.exec(credential)?.[1];
    const claims = token === undefined ? undefined : read(token, audiencesOf(name, project));
    if (token === undefined || claims === undefined) return { refused: unauthorized(path) };
    if (claims.email !== invoker || claims.email_verified !== true) return { refused: forbidden(path) };
    return { rawHeaders: withoutSignature(rawHeaders, header, token) };
  };
}

/**
 * Header that alone is checked where it comes; Authorization is the code's own then
 * (https://cloud.google.com/run/docs/authenticating/service-to-service).
 */
const serverless = "x-serverless-authorization";

function withoutSignature(rawHeaders: readonly string[], header: string, token: string): string[] {
  const unsigned = [...token.split(".").slice(0, 2), marker].join(".");
  return rawHeaders.map((value, at) =>
    at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === header ? `Bearer ${unsigned}` : value,
  );
}
