// The limits of a hub, whichever of its flows acts.
import * as z from "zod";
import type { Hub } from "../settings.ts";

export const HubLimits = z.strictObject({
  machines: z
    .number()
    .int()
    .min(1)
    .max(500)
    .optional()
    .describe("At a time, of all transfers together. Without it: as many as one transfer may have."),
  dollarsPerDay: z
    .number()
    .min(0)
    .optional()
    .describe("Of all transfers together, in a day of UTC. Without it: as many as one transfer may cost."),
  dollarsPerMonth: z
    .number()
    .min(0)
    .optional()
    .describe("Of all transfers together, in a month of UTC. Without it: ten times those of a day."),
  mailsPerDay: z
    .number()
    .int()
    .min(1)
    .max(100_000)
    .default(2000)
    .describe("Mails to people, in a day of UTC. Messages to the team are not counted and never wait."),
});

export type Limits = {
  machines: number;
  dollarsPerDay: number;
  dollarsPerMonth: number;
  mailsPerDay: number;
  invitationsPerDay: number;
};

/** Gives every limit of a hub; of one that the settings do not know, those of a hub without any flow. */
export function limitsOf(hub: Pick<Hub, "limits" | "members" | "transfers"> | undefined): Limits {
  const given = hub?.limits ?? HubLimits.parse({});
  const { machines = 0, dollars = 0 } = hub?.transfers?.limits ?? {};
  const dollarsPerDay = given.dollarsPerDay ?? dollars;
  return {
    machines: given.machines ?? machines,
    dollarsPerDay,
    dollarsPerMonth: given.dollarsPerMonth ?? 10 * dollarsPerDay,
    mailsPerDay: given.mailsPerDay,
    invitationsPerDay: hub?.members?.invitationsPerDay ?? 0,
  };
}
