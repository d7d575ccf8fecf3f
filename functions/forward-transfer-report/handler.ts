// A machine has left a report: the transfer is looked at now instead of at its next look. The report's name says which;
// what else Cloud Storage tells of is nothing to do.
import type { Publish } from "../../shared/bus/publish.ts";
import type { Result } from "../../shared/delivery/recorder.ts";
import { type EventOf, HubName, TransferId } from "../../shared/events.ts";

const Name = /^transfers\/([^/]+)\/([^/]+)\/reports\/(?:list-)?\d+-\d+-(?:done|failed|preempted)\.json$/;

export async function forwardTransferReport(
  { name }: EventOf<"transfer-reported">,
  { publish }: { publish: Publish },
): Promise<Result> {
  const [, hub, id] = Name.exec(name) ?? [];
  const [knownHub, knownId] = [HubName.safeParse(hub), TransferId.safeParse(id)];
  if (knownHub.success && knownId.success)
    await publish("transfer-request", { v: 1, hub: knownHub.data, id: knownId.data, why: "report" });
  return { outcome: "idle" };
}
