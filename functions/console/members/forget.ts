// Asking to forget a person who has left. Who it is stands in the ledger alone: a message would lie in a topic, and a name in logs.
import type * as z from "zod";
import type { Clock } from "../../../shared/clock.ts";
import type { requests } from "../../../shared/control.ts";
import type { Ledger } from "../../../shared/ledger.ts";
import { type ForgetRequest, forgetFolder } from "../../../shared/members/records.ts";
import type { Settings } from "../../../shared/settings.ts";
import type { Publish } from "../events/send.ts";
import { isOff, type Refusal, refuse } from "../http/refusal.ts";

type Deps = { settings: Settings; ledger: Ledger; publish: Publish; now: Clock };

/** Keeps the wish and wakes who does it; gives the message's id. */
export async function askToForget(
  hub: string,
  { login, also = [], dryRun }: z.infer<typeof requests.forget>,
  deps: Deps,
): Promise<{ messageId: string } | Refusal> {
  const what = "nobody was forgotten";
  if (deps.settings.flows["sync-members"] === "off") return isOff({ what, flow: "sync-members" });
  const at = deps.now().toISOString();
  const wish: ForgetRequest = { v: 1, at, login, also, ...(dryRun === true ? { dryRun } : {}) };
  if ((await deps.ledger.create(`${forgetFolder(hub)}${at}.json`, wish)) === "exists")
    return refuse(409, what, "somebody else asked at the same moment", "ask again");
  return { messageId: await deps.publish("forget-due", { v: 1, hub }) };
}
