// Progress of a survey, in the ledger: a mark for each part that is closed, so that a delivery whose time is over, or that was killed, is
// followed by one that goes on after the last of them. A million objects take one delivery, and ten million some.
import { hash } from "node:crypto";
import * as z from "zod";
import { type Clock, dayMs } from "../../shared/clock.ts";
import { transient } from "../../shared/errors.ts";
import type { Ledger } from "../../shared/ledger.ts";
import { Time, version } from "../../shared/records.ts";
import type { Range } from "../../shared/remotes/names.ts";
import { isOrderKnown } from "../../shared/remotes/stores.ts";
import type { TransferSettings } from "../../shared/settings.ts";
import { surveyHead, transferFolder } from "../../shared/transfers/names.ts";
import { Questions } from "./evidence.ts";
import { Found } from "./found.ts";
import { Looked } from "./left-behind.ts";
import { ClosedPart } from "./part.ts";
import type { Request } from "./request.ts";

/** Time after which a delivery only closes the parts that it has opened: they take a minute or two of those that are left of its nine. */
const listingMs = 6 * 60_000;
/** Marks that are read at a time. */
const atOnce = 16;
/** Time after which a survey is begun anew: what was listed then says nothing of now. An event is tried for as long. */
const lastsMs = dayMs;

/** head/surveys/<hub>/<id>.json: the survey that goes on. `of` names what it is made by; its marks lie in a folder of its own. */
export const SurveyBegun = z.strictObject({
  v: version,
  of: z.string(),
  at: Time,
  ranges: z.array(z.strictObject({ after: z.string().optional(), through: z.string().optional() })),
});

/** transfers/<hub>/<id>/survey-<of>-<time>/<range>-<part>.json: a part that is closed, and what its range has found until then. */
export const SurveyMark = z.strictObject({
  v: version,
  ...ClosedPart.shape,
  questions: Questions,
  found: Found,
  looked: Looked,
});
type Mark = Omit<z.infer<typeof SurveyMark>, "v">;

/** Standing of a range: its parts, in their order, and the mark of the last one. */
type Come = { closed: readonly ClosedPart[]; last?: Mark };

export type Progress = {
  ranges: readonly Range[];
  come: (range: number) => Come;
  /** Keeps the mark of a range's next part. Throws where another delivery has. */
  keep: (range: number, part: number, mark: Mark) => Promise<void>;
  /** Tells whether the delivery's time is over. */
  isOver: () => boolean;
};

type Of = { hub: string; id: string; request: Request; settings: TransferSettings };
type Deps = { ledger: Ledger; now: Clock };

/** Tells whether a survey can go on in the middle: after a name that a store has told comes all that it has not told yet. */
export const canGoOn = ({ from, to }: Request): boolean =>
  from.only === undefined && isOrderKnown(from.store) && isOrderKnown(to.store);

/** Opens the survey that goes on, or begins one. */
export async function openProgress(
  { hub, id, request, settings }: Of,
  ranges: () => Promise<Range[]>,
  { ledger, now }: Deps,
): Promise<Progress> {
  const head = surveyHead(hub, id);
  const of = hash("sha256", JSON.stringify([request, settings])).slice(0, 16);
  const there = await ledger.read(head, SurveyBegun);
  const isOn = there?.value.of === of && now().getTime() - Date.parse(there.value.at) < lastsMs;
  const begun = isOn ? there.value : { v: 1 as const, of, at: now().toISOString(), ranges: await ranges() };
  if (!isOn && (await ledger.swap(head, begun, there?.generation ?? "0")) === "changed")
    throw transient("another delivery has begun to list both ends");
  const folder = `${transferFolder(hub, id)}/survey-${of}-${Date.parse(begun.at)}/`;
  const come = isOn ? await comeTo(ledger, folder) : new Map<number, Come>();
  const begins = now().getTime();
  return {
    ranges: begun.ranges,
    come: (range) => come.get(range) ?? { closed: [] },
    async keep(range, part, mark) {
      const name = `${folder}${padded(range)}-${padded(part)}.json`;
      if ((await ledger.create(name, { v: 1, ...mark })) === "exists")
        throw transient("another delivery lists both ends, and has come further");
    },
    isOver: () => now().getTime() - begins >= listingMs,
  };
}

/** Forgets the survey of a transfer that has ended, or did not begin: whoever asks again is to have what is there then. */
export async function forgetProgress(ledger: Ledger, hub: string, id: string): Promise<void> {
  const head = surveyHead(hub, id);
  const there = await ledger.read(head, SurveyBegun);
  if (there !== undefined) await ledger.remove(head, there.generation);
}

/** A number as names have it whose order is that of numbers. */
const padded = (n: number): string => String(n).padStart(6, "0");

/** Reads the marks, some at a time; of all but a range's last one the parts are enough. */
async function comeTo(ledger: Ledger, folder: string): Promise<Map<number, Come>> {
  const come = new Map<number, Come>();
  const entries = await ledger.list(folder);
  for (let from = 0; from < entries.length; from += atOnce) {
    const some = entries.slice(from, from + atOnce).map(async ({ name }) => ({
      range: Number(name.slice(folder.length).split("-")[0]),
      mark: (await ledger.read(name, SurveyMark))?.value,
    }));
    for (const { range, mark } of await Promise.all(some)) {
      if (mark === undefined) throw transient("a mark of the survey is missing from the ledger");
      const { part, lists } = mark;
      const { closed = [] } = come.get(range) ?? {};
      come.set(range, { closed: [...closed, { part, lists }], last: mark });
    }
  }
  return come;
}
