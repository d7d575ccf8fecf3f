// Which hubs a flow and a schedule serve: what is off, or has no section, has no job.
import { expect, test } from "@jest/globals";
import { isPermanent } from "../../shared/errors.ts";
import { flowNames, rowOf } from "../../shared/functions.ts";
import { runNow } from "../../shared/run-now.ts";
import { schedules } from "../../shared/schedules.ts";
import { hubsOfSchedule, hubsServed, noSuchHub, servesStack } from "../../shared/serving.ts";
import { fewMembers, settingsOf } from "../local/sample/sample-settings.ts";

const settings = (flows: Record<string, "off" | "plan" | "apply">) =>
  settingsOf({ flows, hubs: { whole: { members: fewMembers }, bare: {} } });

test("a hub without the flow's section is not served, and nothing is when the flow is off", () => {
  expect(hubsServed(settings({ "sync-members": "plan" }), "sync-members")).toEqual(["whole"]);
  expect(hubsServed(settings({ "sync-members": "off" }), "sync-members")).toEqual([]);
  expect(hubsServed(settings({ "bump-image": "apply" }), "bump-image")).toEqual([]);
});

test("a schedule has a job for each hub that its flow serves; one for the stack has one if there is anything to do", () => {
  const on = settings({ "sync-members": "apply", "run-transfer": "apply" });
  expect(hubsOfSchedule("heartbeat", on)).toEqual(["whole"]);
  expect(hubsOfSchedule("transfer-look", on)).toEqual([]);
  expect(hubsOfSchedule("machine-sweep", on)).toEqual([]);
  expect(hubsOfSchedule("tick", on)).toEqual([""]);
});

test("what a person's press publishes names a hub for each flow that works by a hub's section", () => {
  expect(flowNames.map((flow) => [flow, servesStack(flow), runNow(flow, "prod").payload])).toEqual(
    flowNames.map((flow) => [flow, false, { v: 1, hub: "prod", why: "person" }]),
  );
});

test("a flow serves the stack as a whole if the schedule of its own event does", () => {
  for (const flow of flowNames) {
    const own = Object.values(schedules).filter(({ publishes }) => publishes === rowOf(flow).hears);
    expect(own.map(({ each }) => each === "stack")).toEqual(own.map(() => servesStack(flow)));
  }
});

test("an event of a hub that is not there is given up, and a person is told what is missing and what to do", () => {
  const what = "the sheet of a hub was to be read";
  const next = "add it to groundcrew.yaml, or drop the event";
  const error = noSuchHub(what);
  expect(isPermanent(error)).toBe(true);
  expect(error.explanation).toEqual({ what, why: "the settings know no such hub", next });
  const why = "the settings know no such hub, or it has no transfers section";
  expect(noSuchHub(what, "transfers").explanation).toEqual({ what, why, next });
});
