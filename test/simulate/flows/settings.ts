// Settings that the stacks of all simulations have in common: one flow that is on, and one hub.
import type { FlowName } from "../../../shared/functions.ts";
import type { Random } from "../random.ts";
import { project } from "../world.ts";

export const hub = "prod";
export const organisation = "sim-hub";
export const simulatedHub = { organisation, url: "https://hub.example.org" };

/** Mails of a day: what a dozen people are to be told would take weeks. */
export const fewMails = 2;
/** Budget of mails of a hub; a tenth of them may send two a day. */
export const mailLimits = (random: Random) => ({ mailsPerDay: random.chance(0.1) ? fewMails : 2000 });

/** All but the hubs. Spread it before them: what a seed draws here comes first. */
export const stackWith = (flow: FlowName, random: Random) => ({
  project,
  name: "Simulated hub",
  team: { mail: ["crew@example.org"], sender: "hub@example.org" },
  github: { appId: 1 },
  flows: { [flow]: "apply" },
  retry: { minimumSeconds: random.pick(10, 60), maximumSeconds: 600 },
});
