// `groundcrew incidents`: what stands in the way, in lines and in JSON, and a person's word on one.
import { expect, test } from "@jest/globals";
import { answers, type IncidentLine } from "../../shared/control.ts";
import { incidentOf } from "../shared/flow/incident-samples.ts";
import { against } from "./console-harness.ts";
import { answer, refusal } from "./loopback.ts";

const key = "prod/sync-members/github-suspended";
const line = (more: Partial<IncidentLine> = {}): IncidentLine => ({
  ...incidentOf(),
  hub: "prod",
  key,
  runbook: "GitHub did not let the App in",
  ...more,
});
const over = line({
  key: "prod/sync-members/github-500",
  closed: "2026-11-21T09:00:00.000Z",
  reason: { what: "GitHub was away", why: "it did not answer", next: "nothing" },
});
const listed = answer(answers.incidents, { open: [line()], over: [over] });

test("what stands, why, what to do, and where the runbook speaks of it", async () => {
  const { code, stdout } = await against({ "GET /api/incidents": listed }, ["incidents"]);
  expect(code).toBe(0);
  for (const words of [
    key,
    "its installation is suspended",
    "Unsuspend it.",
    "GitHub did not let the App in",
  ])
    expect(stdout).toContain(words);
  expect(stdout).not.toContain("GitHub was away");
});

test("in JSON, with what was over lately where that is asked for", async () => {
  const { stdout } = await against({ "GET /api/incidents": listed }, ["incidents", "--all", "--json"]);
  expect(JSON.parse(stdout).incidents.map(({ key: each }: IncidentLine) => each)).toEqual([key, over.key]);
});

test("nothing in the way", async () => {
  const nothing = answer(answers.incidents, { open: [], over: [] });
  const { stdout } = await against({ "GET /api/incidents": nothing }, ["incidents"]);
  expect(stdout).toBe("Nothing is in the way.\n");
});

test.each(["acknowledge", "close"])("%s <key>: its key goes in the body", async (word) => {
  const said = answer(answers.done, { ok: true, said: "seen" });
  const { code, stdout, asked } = await against({ [`POST /api/incidents/${word}`]: said }, [
    "incidents",
    word,
    key,
  ]);
  expect({ code, stdout, body: asked[0]?.body }).toEqual({ code: 0, stdout: "seen\n", body: { key } });
});

test("a key that no open incident has is refused with three lines", async () => {
  const none = refusal(404, "nothing was done", "no open incident has this key", "list them");
  const { code, stderr } = await against({ "POST /api/incidents/close": none }, [
    "incidents",
    "close",
    "x/y/z",
  ]);
  expect(code).not.toBe(0);
  expect(stderr).toContain("  why:  no open incident has this key");
});
