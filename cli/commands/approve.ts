// `groundcrew <flow> approve|reject <hash>`: a person's word on what is on hold, whatever flow holds it.
import { answers } from "../../shared/control.ts";
import type { Cli } from "../cli.ts";
import { hubOf, withControl } from "../connect.ts";
import { path } from "../control.ts";
import { exitCodes } from "../exit-codes.ts";
import { stop, unknownWord } from "../stop.ts";
import { visible } from "../terminal.ts";

/** Says a person's word on what is held, all or the chosen part; the hash may be shortened to what is still its own. */
export function decidePlan(
  cli: Cli,
  verdict: "approve" | "reject",
  hash: string,
  { only }: { only?: string[] },
): Promise<number> {
  return withControl(cli, async (api) => {
    const { plans } = await api.get("/plans", answers.plans);
    const hub = cli.options.hub === undefined ? undefined : await hubOf(cli, api);
    const candidates = plans.filter((each) => hub === undefined || each.hub === hub);
    // An empty one, as an unset variable's is, would fit any plan.
    const fitting = hash === "" ? [] : candidates.filter((each) => each.plan.hash.startsWith(hash));
    const [meant, ...others] = fitting.filter(({ plan }) => plan.hash === hash || fitting.length === 1);
    if (meant === undefined || others.length > 0) {
      if (fitting.length > 1)
        throw stop(
          exitCodes.usage,
          "it is not clear which plan is meant",
          `${fitting.length} plans begin so: ${fitting.map((each) => `${each.hub} ${each.plan.hash}`).join(", ")}`,
          "give more of the hash, or name the hub: --hub <name>",
        );
      const waiting = candidates.filter(({ state }) => state === "waiting").map(({ plan }) => plan.hash);
      throw await unknownWord("waiting plan", hash, waiting);
    }
    const answer = await api.post(
      `${path("plans", meant.hub, meant.plan.hash)}/${verdict}`,
      only === undefined ? {} : { only },
      answers.done,
    );
    cli.terminal.answer(answer, () => [visible(answer.said)]);
    return 0;
  });
}
