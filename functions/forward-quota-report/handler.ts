// A report has arrived in its bucket: says so to whoever looks at homes. What the object is called tells the hub; what is in it
// is read there.
import type { Publish } from "../../shared/bus/publish.ts";
import type { Recorder, Result } from "../../shared/delivery/recorder.ts";
import { type EventOf, HubName } from "../../shared/events.ts";
import { notifications } from "../../shared/notifications.ts";
import type { Settings } from "../../shared/settings.ts";

export async function forwardQuotaReport(
  object: EventOf<"report-arrived">,
  run: Recorder,
  deps: { publish: Publish; settings: Settings; bucket: string },
): Promise<Result> {
  const [folder, name, file] = object.name.split("/");
  const hub = HubName.safeParse(name).data;
  const ours =
    object.bucket === deps.bucket && `${folder}/` === notifications.reports.prefix && file !== undefined;
  if (!ours || hub === undefined || !Object.hasOwn(deps.settings.hubs, hub)) {
    run.step("the object is no report about a hub of the settings");
    return { outcome: "done", title: "an object that is no report" };
  }
  await deps.publish("quota-scan-due", { v: 1, hub, why: "report", report: object.name.slice(0, 300) });
  return { outcome: "idle" };
}
