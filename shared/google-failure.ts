// What Google answered to a call of one of its clients that failed. Its messages are read, never passed on: they can carry
// addresses.
import { z } from "zod";

/** gaxios: `response` is missing when none came. */
const Failed = z.object({
  response: z.object({ status: z.number(), data: z.unknown() }).optional(),
});

const VendorError = z.object({
  error: z.object({
    message: z.string().default(""),
    status: z.string().optional(),
    errors: z.array(z.object({ reason: z.string().optional() })).default([]),
    details: z.array(z.looseObject({ reason: z.string().optional() })).default([]),
  }),
});

export type GoogleFailure = { status: number; reasons: string[]; message: string };

/** The answer behind an error of a Google client; undefined when there was none: no connection, time-out, cut off. */
export function answerOf(error: unknown): GoogleFailure | undefined {
  const failed = Failed.safeParse(error);
  if (!failed.success || failed.data.response === undefined) return undefined;
  const { status, data } = failed.data.response;
  const body = VendorError.safeParse(data);
  if (!body.success) return { status, reasons: [], message: "" };
  const { errors, details, message } = body.data.error;
  return {
    status,
    message,
    reasons: [...errors, ...details, { reason: body.data.error.status }].flatMap(
      ({ reason }) => reason ?? [],
    ),
  };
}
