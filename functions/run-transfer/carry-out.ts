// Does what was decided, one step after the other: how it stands is stored before each machine is asked for, and after it.
import type { Made } from "../../shared/compute/machines.ts";
import type { Shard, TransferHead } from "../../shared/transfers/records.ts";
import { endsOf } from "./begin.ts";
import { failureOf, keepList, readList, readManifest } from "./book.ts";
import { afterMachine, machineName, noRoom, type Step } from "./decide.ts";
import { isHopeless, lastingReason } from "./failures.ts";
import { orderOf } from "./order.ts";
import type { Work } from "./work.ts";

type Scene = {
  head: TransferHead;
  steps: readonly Step[];
  store: (head: TransferHead) => Promise<TransferHead>;
  /** Throws when another delivery has taken over. */
  check: () => Promise<void>;
};

export async function carryOut(work: Work, { head, steps, store, check }: Scene): Promise<TransferHead> {
  const { run, deps } = work;
  let now = head;
  const recounts = steps.filter((step) => step.do === "recount");
  if (recounts.length > 0) now = await store(await recounted(work, now, recounts));
  for (const step of steps) {
    switch (step.do) {
      case "adopt":
        run.effect({ do: "make-machine", name: machineName(work.hub, work.id, step.shard) });
        now = await store(
          replace({ ...now, machines: now.machines + 1 }, step.shard, (shard) => ({
            ...shard,
            state: "running",
            zone: step.zone,
          })),
        );
        break;
      case "delete":
        await check();
        await deps.machines.remove(step.zone, step.name);
        run.effect({ do: "delete-machine", name: step.name, why: step.why });
        break;
      case "stop":
        now = await store({ ...now, stopping: step.because, said: `being stopped: ${step.because}` });
        run.step(`it is being stopped: ${step.because}`);
        break;
      case "launch":
      case "recount":
      case "pause":
      case "finish":
      case "wait":
        break;
      default:
        step satisfies never;
    }
  }
  const launches = steps.filter((step) => step.do === "launch");
  return launches.length === 0 ? now : launch(work, { head: now, store, check }, launches);
}

const replace = (head: TransferHead, n: number, change: (shard: Shard) => Shard): TransferHead => ({
  ...head,
  shards: head.shards.map((shard) => (shard.n === n ? change(shard) : shard)),
});

/** What of the ended machines' lists is not at the target: for all of them, one listing. */
async function recounted(
  work: Work,
  head: TransferHead,
  steps: readonly Extract<Step, { do: "recount" }>[],
): Promise<TransferHead> {
  const { hub, id, request, settings, run, deps } = work;
  const { to } = endsOf(request, settings);
  const [target, manifest] = await Promise.all([
    deps.list(request.to.remote, to, request.to.path),
    readManifest(deps.ledger, head.manifest),
  ]);
  const there = new Map(target.map((object) => [object.name, object]));
  const wanted = new Map(manifest.map((object) => [object.name, object]));
  let next = head;
  for (const { shard: n, as } of steps) {
    const shard = next.shards.find((one) => one.n === n);
    if (shard === undefined) continue;
    const names = await readList(deps.ledger, shard.list);
    // One of another size is not copied again: rclone leaves it alone, and the receipt tells.
    const missing = names.filter((name) => !there.has(name));
    const bytes = missing.reduce((sum, name) => sum + (wanted.get(name)?.size ?? 0), 0);
    const list =
      missing.length === 0
        ? shard.list
        : await keepList(deps.ledger, { hub, id, shard: n, attempt: shard.attempt + 1 }, missing);
    const hopeless = as === "error" && isHopeless(await failureOf(deps.ledger, hub, id, shard));
    const left = { objects: missing.length, bytes, list };
    const after = afterMachine(shard, hopeless ? "hopeless" : as, left, settings);
    const seconds = shard.since === undefined ? 0 : (deps.now().getTime() - Date.parse(shard.since)) / 1000;
    next = replace({ ...next, machineSeconds: next.machineSeconds + seconds }, n, () => after);
    run.step(
      `shard ${n}, attempt ${shard.attempt} ended (${as}): objects left ${missing.length} of ${names.length}`,
    );
  }
  return next;
}

/**
 * Machines, all at once. The wish is stored first: whoever dies here leaves shards that are asked for again, by the same
 * names and request ids.
 */
async function launch(
  work: Work,
  { head, store, check }: Omit<Scene, "steps">,
  steps: readonly Extract<Step, { do: "launch" }>[],
): Promise<TransferHead> {
  const { request, settings, deps } = work;
  const { project } = deps.settings;
  const at = deps.now();
  let now = head;
  for (const { shard: n, zone } of steps)
    now = replace(now, n, (shard) =>
      shard.state === "waiting" ? { ...shard, state: "starting", zone, since: at.toISOString() } : shard,
    );
  if (now !== head) now = await store(now);
  await check();
  const asked = steps.flatMap(({ shard: n, zone }) => {
    const shard = now.shards.find((one) => one.n === n);
    return shard === undefined
      ? []
      : [
          {
            shard,
            zone,
            order: orderOf({
              head: now,
              shard,
              zone,
              request,
              settings,
              project,
              wires: deps.wires,
              now: at,
            }),
          },
        ];
  });
  const outcomes = await Promise.allSettled(asked.map(({ order }) => deps.machines.make(order, settings)));
  let hopeless: string | undefined;
  for (const [index, outcome] of outcomes.entries()) {
    const one = asked[index];
    if (one === undefined) continue;
    if (outcome.status === "rejected") hopeless ??= lastingReason(outcome.reason, one.shard, at);
    else now = afterAsking(work, now, one, outcome.value);
  }
  if (hopeless !== undefined && now.stopping === undefined) {
    now = { ...now, stopping: hopeless, said: `being stopped: ${hopeless}` };
    work.run.step(`it is being stopped: ${hopeless}`);
  }
  now = await store(now);
  // What failed stays "starting", and is asked for again when the delivery comes back.
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed?.status === "rejected" && hopeless === undefined) throw failed.reason;
  return now;
}

function afterAsking(
  { settings, run, deps }: Work,
  head: TransferHead,
  { shard, zone, order }: { shard: Shard; zone: string; order: { name: string } },
  made: Made,
): TransferHead {
  const { n, attempt } = shard;
  switch (made) {
    case "made":
      run.effect({ do: "make-machine", name: order.name, attempt });
      return replace({ ...head, machines: head.machines + 1 }, n, (one) => ({ ...one, state: "running" }));
    case "pending":
      run.step(`the machine of shard ${n} is still being made`);
      return head;
    case "already-there":
      // Ours of this attempt is adopted by the next look; another one's keeps the name until it is gone.
      run.step(`a machine of shard ${n}'s name is there already`);
      return head;
    case "no-capacity":
      run.step(`no room for shard ${n} in ${zone}`);
      return replace(head, n, (one) => noRoom(one, zone, settings, deps.now()));
    case "quota":
      run.step(`the project's quota of Spot machines is used up: shard ${n} waits`);
      return replace(head, n, (one) =>
        noRoom({ ...one, full: settings.machine.zones }, zone, settings, deps.now()),
      );
    default:
      return made satisfies never;
  }
}
