// Plans: what is held is shown whole, whatever flow holds it, and a person's word is on what they ticked.
import { describe, expect, test } from "@jest/globals";
import { answers } from "../../../../shared/control.ts";
import { type Action, planOf } from "../../../../shared/flow/plan.ts";
import { Approval, type HeldPlan } from "../../../../shared/records.ts";
import { heldPlan, today } from "../day.ts";
import { origin } from "../harness.ts";
import { goesTo, main, pagesHarness, textOf } from "../pages-harness.ts";

const shown = pagesHarness();
const to = `/plans/prod/${heldPlan.plan.hash}`;
const [first, second, third] = heldPlan.plan.held.map(({ hash }) => hash);

/** A form as a browser sends it, with a field that comes more than once. */
async function send(path: string, only: readonly (string | undefined)[], at = shown): Promise<Response> {
  const whole = await at.page(to);
  const csrf = /name="csrf" value="([^"]+)"/.exec(whole)?.[1] ?? "";
  const body = new URLSearchParams({ csrf });
  for (const hash of only) body.append("only", hash ?? "");
  return at.ask(path, { method: "POST", body, headers: { origin } });
}

test("the page of a plan shows each held change with why, and a tick for each that waits", async () => {
  const whole = main(await shown.page(to));
  for (const { about, why, because, hash } of heldPlan.plan.held) {
    expect(textOf(whole)).toContain(about);
    expect(textOf(whole)).toContain(why);
    expect(textOf(whole)).toContain(because);
    expect(whole).toMatch(new RegExp(`type="checkbox" name="only" value="${hash}"[^>]* checked`));
  }
});

test("nobody approves nineteen homes blind: any flow's plan is shown with all that it holds", async () => {
  const plan = planOf<Action & { gigabytes: number }>({
    actions: [],
    held: Array.from({ length: 19 }, (_, index) => ({
      do: "warn",
      about: `home-${index + 1}`,
      why: "it takes more than the limit",
      gigabytes: 50 + index,
      because: "19 homes crossed a line at once",
    })),
    refused: [],
  });
  const record: HeldPlan = { v: 2, hub: "prod", flow: "scan-quotas", plan, madeAt: `${today}T07:00:00.000Z` };
  await shown.on().records.create(`plans/prod/${plan.hash}.json`, record, { madeAt: record.madeAt });
  const text = textOf(main(await shown.page(`/plans/prod/${plan.hash}`)));
  for (const { about } of plan.held) expect(text).toContain(` ${about} `);
  expect(text).toContain("19 homes crossed a line at once");
  expect(text).toContain("gigabytes 68");
});

describe("records of its own", () => {
  const at = pagesHarness();

  test("a word is on what was ticked, the rest waits, and a rejection is taken back", async () => {
    expect(goesTo(await send(`${to}/reject`, [first, second], at))).toEqual([303, "/plans?said=rejected"]);
    const words = await at.on().records.list("approvals/prod/sync-members/");
    const word = await at.on().records.read(words.at(-1)?.name ?? "", Approval);
    expect(word?.value).toMatchObject({
      verdict: "rejected",
      items: [first, second],
      plan: heldPlan.plan.hash,
    });
    const line = async () =>
      (await at.get("/api/plans", answers.plans)).plans.find(({ plan }) => plan.hash === heldPlan.plan.hash);
    expect((await line())?.state).toBe("waiting");
    expect(Object.values((await line())?.verdicts ?? {})).toEqual(["rejected", "rejected", null, null]);
    expect(textOf(main(await at.page("/")))).toContain("2 changes wait for your word on prod");

    at.on().clock.moveBy(1000);
    expect((await send(`${to}/approve`, [first, third], at)).status).toBe(303);
    expect(Object.values((await line())?.verdicts ?? {})).toEqual(["approved", "rejected", "approved", null]);
    expect(at.published().map(({ event }) => event)).toEqual([
      { v: 1, hub: "prod", why: "approval" },
      { v: 1, hub: "prod", why: "approval" },
    ]);
  });
});

describe("what was rejected", () => {
  const at = pagesHarness();

  test("stays on Home while people keep by it what the sheet does not give them", async () => {
    await send(`${to}/reject`, [first, second, third, heldPlan.plan.held[3]?.hash], at);
    const needs = async () =>
      (await at.get("/api/home", answers.home)).needsYou.flatMap((need) =>
        need.kind === "approval" ? [[need.hash, need.text]] : [],
      );
    const text = "4 people have access on prod that the sheet does not give: rejected to be taken back";
    expect(await needs()).toEqual([[heldPlan.plan.hash, text]]);
    at.on().clock.moveBy(1000);
    await send(`${to}/approve`, [first], at);
    expect(await needs()).toEqual([[heldPlan.plan.hash, text.replace("4", "3")]]);
    at.on().clock.moveBy(1000);
    await send(`${to}/accept`, [second, third, heldPlan.plan.held[3]?.hash], at);
    expect(await needs()).toEqual([]);
  });
});

describe("many newer plans", () => {
  const at = pagesHarness();

  test("hide none that a flow still waits for", async () => {
    for (let index = 0; index < 60; index++) {
      const hash = `later${index}`;
      const madeAt = new Date(Date.parse(heldPlan.madeAt) + (index + 1) * 60_000).toISOString();
      const record = { ...heldPlan, plan: { ...heldPlan.plan, hash }, madeAt };
      await at.on().records.create(`plans/prod/${hash}.json`, record, { madeAt });
    }
    const { plans } = await at.get("/api/plans", answers.plans);
    expect(plans[0]).toMatchObject({ state: "waiting", plan: { hash: heldPlan.plan.hash } });
    expect(plans.map(({ plan }) => plan.hash)).toContain("later59");
  });
});

test("only access that would be taken away can be accepted", async () => {
  const plan = planOf<Action>({
    actions: [],
    held: [
      { do: "warn", about: "home-of-ada", why: "it takes more than the limit", because: "many at once" },
    ],
    refused: [],
  });
  const madeAt = `${today}T07:00:00.000Z`;
  const record: HeldPlan = { v: 2, hub: "prod", flow: "scan-quotas", plan, madeAt };
  await shown.on().records.create(`plans/prod/${plan.hash}.json`, record, { madeAt });
  expect(main(await shown.page(`/plans/prod/${plan.hash}`))).not.toContain("/accept");
  expect(main(await shown.page(to))).toContain(`formaction="${to}/accept"`);
  expect((await send(`/plans/prod/${plan.hash}/accept`, [plan.held[0]?.hash])).status).toBe(409);
});

test("nothing is decided where nothing was ticked", async () => {
  expect((await send(`${to}/approve`, [])).status).toBe(422);
  expect(shown.published()).toEqual([]);
});
