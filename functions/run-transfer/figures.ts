// The figures of a plan, and what people should know of it besides. Pure.
import { coldClasses, frozenClasses, minimumDays } from "../../shared/remotes/classes.ts";
import type { TransferSettings } from "../../shared/settings.ts";
import { sizeWord } from "../../shared/sizes.ts";
import type { Figures } from "../../shared/transfers/figures.ts";
import { objectsText } from "../../shared/transfers/words.ts";
import { type Budget, priceWarning } from "./budget.ts";
import { classOf } from "./dollars.ts";
import type { Request } from "./request.ts";
import type { Tally, WorkTally } from "./tally.ts";

/** Gives what is told of a plan before anything costs. */
export function figuresOf(
  tally: WorkTally,
  { requests, dollars, hours, work, slowest, earlier }: Budget,
  of: {
    counts: Pick<Figures, "already" | "compared" | "differ" | "notCarried">;
    machines: number;
    request: Request;
    settings: Pick<TransferSettings, "prices">;
    now: Date;
  },
): Figures {
  const { counts, machines, request, settings, now } = of;
  const { objects, bytes } = tally.copy;
  return {
    ...{ objects, bytes, ...counts, requests, dollars, pricesOf: settings.prices.asOf },
    ...{ hours, machines, earlier, work, slowest },
    notes: [
      ...coldNotes(tally.copy),
      ...frozenNotes(tally.copy),
      ...minimumNote(tally, request),
      ...withinGoogle(request),
      ...[priceWarning(settings.prices, now)].flatMap((warning) => warning ?? []),
    ],
  };
}

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

const coldNotes = ({ byClass }: Tally): string[] =>
  coldClasses.flatMap((name) => {
    const { objects, bytes } = byClass[name] ?? { objects: 0, bytes: 0 };
    return objects === 0
      ? []
      : [
          `${objectsText(objects)} (${sizeWord(bytes)}) of the source ${objects === 1 ? "is" : "are"} in ${capital(name)} storage: every byte that is read from it costs.`,
        ];
  });

const frozenNotes = ({ byClass }: Tally): string[] =>
  frozenClasses.flatMap((name) => {
    const { objects } = byClass[name] ?? { objects: 0 };
    return objects === 0
      ? []
      : [
          `${objectsText(objects)} of the source ${objects === 1 ? "is" : "are"} in the class ${name}: nobody can read ${objects === 1 ? "it" : "them"} until the owner has restored ${objects === 1 ? "it" : "them"}.`,
        ];
  });

function minimumNote({ copy, there }: WorkTally, { to }: Request): string[] {
  const name = to.store.kind === "gcs" && copy.objects > 0 ? classOf(there) : undefined;
  if (name === undefined) return [];
  return [
    `The target keeps its objects in ${capital(name)} storage: each is paid for ${minimumDays[name]} days at least, however soon it is deleted.`,
  ];
}

/**
 * Service of Google's own between its buckets. "Agentless transfers: no charges", beside operations, retrieval and network:
 * https://cloud.google.com/storage-transfer/pricing
 */
const withinGoogle = ({ from, to }: Request): string[] =>
  from.store.kind === "gcs" && to.store.kind === "gcs"
    ? [
        "Google's own Storage Transfer Service copies between its buckets as well: it takes nothing for itself and needs no machine; requests, retrieval and network cost the same (https://cloud.google.com/storage-transfer/pricing).",
      ]
    : [];
