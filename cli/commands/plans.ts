// `groundcrew plans ls|show <hash>`, and `groundcrew <flow> approve|reject <hash>`: what is on hold, whatever flow holds it, and a
// person's word on it.
import { answers, type HeldPlanLine } from "../../shared/control.ts";
import type { StoredPlan } from "../../shared/flow/plan.ts";
import type { Cli } from "../cli.ts";
import { hubOf, withControl } from "../connect.ts";
import { type Control, path } from "../control.ts";
import { exitCodes } from "../exit-codes.ts";
import { approveWith, becauseLines, planLines } from "../plan-lines.ts";
import { timeOf } from "../run-lines.ts";
import { stop, unknownWord } from "../stop.ts";
import { type Paint, table, visible } from "../terminal.ts";

const states: Record<HeldPlanLine["state"], string> = {
  waiting: "waits for you",
  approved: "approved",
  rejected: "rejected",
  over: "no longer needed",
};

export function listPlans(cli: Cli, { all = false }: { all?: boolean }): Promise<number> {
  return withControl(cli, async (api) => {
    const found = await plansOf(cli, api);
    const plans = all ? found : found.filter(({ state }) => state === "waiting");
    cli.terminal.answer({ plans }, (paint) =>
      plans.length === 0
        ? ["No plan waits for you."]
        : plans.flatMap((line) => [
            headOf(line, paint),
            ...becauseLines(line.plan),
            `  look with: groundcrew plans show ${line.plan.hash}`,
          ]),
    );
    return found.some(({ state }) => state === "waiting") ? exitCodes.held : exitCodes.done;
  });
}

/** Shows a plan whole: nobody approves what they have not seen. */
export function showPlan(cli: Cli, hash: string): Promise<number> {
  return withControl(cli, async (api) => {
    const line = await planMeant(cli, api, hash);
    const { flow, plan, verdicts } = line;
    cli.terminal.answer(line, (paint) => [
      headOf(line, paint),
      ...planLines(plan, paint, Object.keys(verdicts).length > 0 ? approveWith(flow, plan) : undefined),
      ...table(
        plan.held.flatMap(({ hash, do: deed, about }) => {
          const said = verdicts[hash];
          return said === undefined || said === null ? [] : [[said, visible(deed), visible(about)]];
        }),
      ).map((row) => `  ${row}`),
    ]);
    return line.state === "waiting" ? exitCodes.held : exitCodes.done;
  });
}

const headOf = ({ hub, flow, plan, madeAt, state }: HeldPlanLine, paint: Paint): string =>
  `${timeOf(madeAt)}  ${paint("bold", `${flow} on ${hub}`)}  ${states[state]}, ${plan.held.length} on hold  ${paint("dim", plan.hash)}`;

/** Says a person's word on what is held, all or the chosen part; the hash may be shortened to what is still its own. */
export function decidePlan(
  cli: Cli,
  verdict: "approve" | "reject" | "accept",
  hash: string,
  { only }: { only?: string[] },
): Promise<number> {
  return withControl(cli, async (api) => {
    const meant = await planMeant(cli, api, hash);
    const answer = await api.post(
      `${path("plans", meant.hub, meant.plan.hash)}/${verdict}`,
      only === undefined ? {} : { only },
      answers.done,
    );
    cli.terminal.answer(answer, () => [visible(answer.said)]);
    return 0;
  });
}

/** Says what to do about what a plan holds. What was only planned may be held for the first time, and waits for nobody yet. */
export async function nextOf(api: Control, flow: string, plan: StoredPlan): Promise<string | undefined> {
  if (plan.held.length === 0) return undefined;
  const { plans } = await api.get("/plans", answers.plans);
  const waits = plans.some(({ plan: { hash }, state }) => hash === plan.hash && state !== "over");
  return waits
    ? approveWith(flow, plan)
    : "nobody was asked about these yet: the flow's next run in mode apply asks first";
}

/** Lists the plans of the hub that is named, or of all. */
async function plansOf(cli: Cli, api: Control): Promise<HeldPlanLine[]> {
  const { plans } = await api.get("/plans", answers.plans);
  const hub = cli.options.hub === undefined ? undefined : await hubOf(cli, api);
  return plans.filter((each) => hub === undefined || each.hub === hub);
}

async function planMeant(cli: Cli, api: Control, hash: string): Promise<HeldPlanLine> {
  const candidates = await plansOf(cli, api);
  // An empty one, as an unset variable's is, would fit any plan.
  const fitting = hash === "" ? [] : candidates.filter((each) => each.plan.hash.startsWith(hash));
  const [meant, ...others] = fitting.filter(({ plan }) => plan.hash === hash || fitting.length === 1);
  if (meant !== undefined && others.length === 0) return meant;
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
