// Telling. Notices are made of a plan, written down in the state, and only then published: whoever dies in between leaves them to
// the next, and a key makes it harmless to publish one twice.
import type { Publish } from "../../shared/bus/publish.ts";
import type { Recorder } from "../../shared/delivery/recorder.ts";
import type { State } from "../../shared/flow/state.ts";
import type { QuotaState } from "../../shared/quota/records.ts";
import type { DecideInput, Decision, QuotaAction } from "./decide.ts";
import { strangers } from "./state.ts";
import * as text from "./text.ts";
import { volumeNotice } from "./volume-text.ts";

/** Gives the notices of what a plan does, in its order. `after` is the state once it is done. Pure. */
export function noticesOf(
  go: readonly QuotaAction[],
  of: { hub: string; hubUrl: string; input: DecideInput; homes: Decision["homes"]; after: QuotaState },
): text.Notice[] {
  const { hub, input, after } = of;
  const people = go.flatMap((action) => toPerson(action, of));
  const volume = go.flatMap((action) => toTeam(action, of));
  if (!go.some((action) => action.do === "report")) return [...people, ...volume];
  const nobodys = strangers(after.homes, input);
  return [...people, ...volume, text.nobodyNotice(hub, nobodys, input.scan.measuredAt)];
}

const statuses = { advise: "advised", warn: "warned", urge: "urgent" } as const;

function toPerson(action: QuotaAction, of: Parameters<typeof noticesOf>[1]): text.Notice[] {
  const { about: directory, do: deed } = action;
  const { hub, hubUrl, input } = of;
  const owner = input.owners.of.get(directory);
  const home = of.homes[directory];
  if (owner === undefined || home === undefined) return [];
  const top = input.scan.homes.find((figure) => figure.directory === directory)?.top;
  const about = { hub, hubUrl, directory, home, settings: input.settings, top };
  if (deed === "thank") return [text.backNotice(about, owner.email)];
  if (deed !== "advise" && deed !== "warn" && deed !== "urge") return [];
  return [text.personNotice(about, owner.email, statuses[deed])];
}

const volumeNews = { alarm: "crossed", remind: "still", foretell: "ahead", "all-clear": "over" } as const;

function toTeam({ do: deed }: QuotaAction, of: Parameters<typeof noticesOf>[1]): text.Notice[] {
  if (deed !== "alarm" && deed !== "remind" && deed !== "foretell" && deed !== "all-clear") return [];
  const { hub, hubUrl, input, after } = of;
  const toldBefore = input.state?.volumeLevel?.toldAt;
  return [volumeNotice({ hub, hubUrl, settings: input.settings, after, toldBefore }, volumeNews[deed])];
}

/** Publishes what the state says is to be told, and writes down that it was. `effects` are what the run says of it. */
export async function act(
  state: State<QuotaState>,
  effects: readonly { do: string; about: string; whom: string }[],
  { publish, run }: { publish: Publish; run: Recorder },
): Promise<void> {
  const value = state.value();
  if (value === undefined || value.toTell.length === 0) return;
  for (const notice of value.toTell) await publish("notice", notice);
  for (const { do: deed, about, whom } of effects) run.effect({ do: deed, about, whom });
  run.step(`${value.toTell.length} messages handed over`);
  await state.keep({ ...value, toTell: [] });
}
