// Event that a person's press sets going; what goes by itself is schedules.ts.
import { type FlowName, functions } from "./functions.ts";
import { servesStack } from "./serving.ts";

/** Tells what a press of *Run now* publishes for a flow. `hub` is empty where the flow serves the whole stack. */
export const runNow = (flow: FlowName, hub: string) => ({
  topic: functions[flow].hears,
  payload: servesStack(flow) ? { v: 1, why: "person" } : { v: 1, hub, why: "person" },
});
