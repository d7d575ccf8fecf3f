// What a person's press sets going; what goes by itself is schedules.ts.
import { type FlowName, functions } from "./functions.ts";

/** What sets a flow going when a person presses *Run now*. */
export const runNow = (flow: FlowName, hub: string) => ({
  topic: functions[flow].hears,
  payload: { v: 1, hub, why: "person" },
});
