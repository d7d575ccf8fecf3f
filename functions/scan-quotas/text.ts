// Messages to people about their homes, and to the team about the volume. Plain sentences; nothing here decides anything. The
// names of people's files go into mails to themselves only, cleaned and cut.
import { hash } from "node:crypto";
import { keyTime } from "../../shared/clock.ts";
import type { HeldAction } from "../../shared/flow/plan.ts";
import type { HomeStatus, QuotaHome, QuotaState } from "../../shared/quota/records.ts";
import type { QuotaSettings } from "../../shared/quota/settings.ts";
import { bytesOf, inUnitOf, type Size, sizeWord } from "../../shared/sizes.ts";
import type { QuotaAction } from "./decide.ts";
import { growthOver, markOf } from "./home.ts";

export type Notice = QuotaState["toTell"][number];

export type About = {
  hub: string;
  hubUrl: string;
  directory: string;
  home: QuotaHome;
  settings: QuotaSettings;
  top: { name: string; bytes: number }[] | undefined;
};

const digest = (text: string): string => hash("sha256", text).slice(0, 16);

/** A key is of one home, one time above the advice, and one status; it names nobody. */
const keyOf = ({ directory, home }: About, what: string): string =>
  `quota/home/${digest(directory)}/${home.episode}/${what}`;

type Told = Exclude<HomeStatus, "ok">;

const consequences: Record<Told, string> = {
  advised: "Nothing else happens now. The volume is shared: when it is full, the hub stops for everybody.",
  warned:
    "Please bring it below the limit. The volume is shared: when it is full, the hub stops for everybody.",
  urgent:
    "Please act today. A home that is full cannot start the server any more, and then you cannot delete anything.",
};

/** To the person: what they take, and how to make room. Nobody else's figures. */
export function personNotice(about: About, email: string, status: Told): Notice {
  const { hub, home, settings } = about;
  const { limit, words } = markWords(home, settings, status);
  const used = inUnitOf(home.bytes, limit);
  const atLeast = home.complete ? "" : "at least ";
  return {
    v: 1,
    hub,
    key: keyOf(about, status),
    to: { mail: [email] },
    subject: `Your home on ${hub} takes ${atLeast}${used}; ${limit} is ${words}`,
    text: `Hello,

your home folder on ${about.hubUrl} takes ${atLeast}${used}. ${limit} is ${words}.${growth(home, limit)}
${consequences[status]}

${parts(about)}

Often safe to remove, in a terminal on the hub:
  rm -rf ~/.local/share/Trash       what JupyterLab has deleted is still there
  rm -rf ~/.cache                   pip, huggingface and others load it again
  conda clean -a -y                 packages that are unpacked already
${settings.guide === undefined ? "Data belongs into a bucket rather than into the home." : `Data belongs into a bucket: ${settings.guide}`}

It is looked at every day; you will hear once more when it is back within ${settings.advice}.
Questions, or a reason why you need more: please answer this mail.
`,
  };
}

/** The mark that the person is told of: the team's, or the home's own where that is what the home comes near. */
function markWords(home: QuotaHome, settings: QuotaSettings, status: Told): { limit: Size; words: string } {
  const { advice, limit, enforced } = settings;
  const own = home.limit === undefined ? undefined : inUnitOf(home.limit, enforced ?? limit);
  const full = { limit: own ?? enforced ?? limit, words: "where it stops working" };
  if (status === "urgent") return full;
  const ofTeam =
    status === "advised" ? { limit: advice, words: "recommended" } : { limit, words: "the limit" };
  return markOf(status, settings, home.limit) === bytesOf(ofTeam.limit) ? ofTeam : full;
}

function growth(home: QuotaHome, unit: string): string {
  const today = home.measuredAt.slice(0, 10);
  const said = [7, 30].flatMap((days) => {
    const grown = growthOver(home, days, today);
    return grown === undefined || grown <= 0 ? [] : [`${inUnitOf(grown, unit)} in ${days} days`];
  });
  return said.length === 0 ? "" : ` It grew by ${said.join(", ")}.`;
}

function parts({ top }: About): string {
  const command = "  du -h -d1 --exclude='shared*' ~ | sort -h";
  if (top === undefined || top.length === 0) return `What takes the room, the largest last:\n${command}`;
  return `What takes the room:\n${top
    .slice(0, 5)
    .map(({ name, bytes }) => `  ${sizeWord(bytes).padStart(9)}  ${harmless(name)}`)
    .join("\n")}`;
}

const longestName = 50;

/** A file's name in a mail: no control or direction mark, and short. */
export function harmless(name: string): string {
  const clean = name.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "?");
  const letters = [...clean];
  return letters.length > longestName ? `${letters.slice(0, longestName - 1).join("")}…` : clean;
}

/** Once, when it is within the advice again. */
export function backNotice(about: About, email: string): Notice {
  const { hub, home, settings } = about;
  return {
    v: 1,
    hub,
    key: keyOf({ ...about, home: { ...home } }, "back"),
    to: { mail: [email] },
    subject: `Your home on ${hub} is fine again`,
    text: `Hello,

your home folder on ${about.hubUrl} takes ${inUnitOf(home.bytes, settings.advice)} now, which is within ${settings.advice}. Thank you!
`,
  };
}

/** Shared folders, former members, renamed logins: somebody has to know. */
export function nobodyNotice(hub: string, directories: readonly string[], measuredAt: string): Notice {
  const count = directories.length;
  return {
    v: 1,
    hub,
    // Those that are above a limit again are told again.
    key: `quota/nobody/${digest([...directories].sort().join("\n"))}/${keyTime(measuredAt)}`,
    to: "team",
    subject: `${hub}: ${count === 1 ? "a home above a limit belongs" : `${count} homes above a limit belong`} to nobody in the sheet`,
    text: `Hello,

in the scan of ${measuredAt.slice(0, 10)}, ${count === 1 ? "one home above a limit has" : `${count} homes above a limit have`} no person in the sheet: shared folders,
people who have left, or who have another username now. Nobody was guessed, so nobody was told.

Which they are: open the console, Homes, or type

  npx groundcrew quota status --hub ${hub}
`,
  };
}

/** Tells what waits for the team, without names: how many homes would change how, and where each of them is listed. */
export function heldNotice(
  hub: string,
  { plan, held, at }: { plan: string; held: readonly HeldAction<QuotaAction>[]; at: string },
): Notice {
  const count = held.length;
  const counts = new Map<string, number>();
  for (const { do: deed, why } of held)
    counts.set(`${deed}: ${why}`, (counts.get(`${deed}: ${why}`) ?? 0) + 1);
  return {
    v: 1,
    hub,
    key: `quota/held/${plan}/${keyTime(at)}`,
    to: "team",
    subject: `${hub}: ${count} homes seem to have changed at once`,
    text: `Hello,

on ${hub}, ${[...new Set(held.map(({ because }) => because))].join("; ")}.
That is more often a wrong figure (another unit, a lost mount) than the truth, so nobody was told anything. On hold:

${[...counts].map(([what, homes]) => `  ${homes} x ${what}`).join("\n")}

Look at the console, Homes. If the figures are right, approve all of it or a part: the console, Plans, or type

  npx groundcrew quota approve ${plan} --hub ${hub}

If they are wrong, mend their source: the next scan sees that by itself and forgets about this.
`,
  };
}

/** The figures cannot be had: said once, until they can. */
export function troubleNotice(
  hub: string,
  trouble: { kind: string; since: string; what: string; next: string },
): Notice {
  return {
    v: 1,
    hub,
    key: `quota/trouble/${trouble.kind}/${keyTime(trouble.since)}`,
    to: "team",
    subject: `${hub}: the sizes of the homes cannot be had`,
    text: `Hello,

${trouble.what}.
What to do: ${trouble.next}.

Until then nobody is told about their home, and nobody watches the volume.
`,
  };
}

/** "28 homes: 1 urgent, 2 above the advice; 17.2 % free; 4 messages". */
export function titleOf(
  { homes, volume }: QuotaState,
  { held, messages }: { held: number; messages: number },
): string {
  const words = { urgent: "urgent", warned: "above the limit", advised: "above the advice" } as const;
  const there = Object.values(homes).filter(({ missing }) => missing === 0);
  const above = Object.entries(words).flatMap(([status, word]) => {
    const count = there.filter((home) => home.status === status).length;
    return count === 0 ? [] : [`${count} ${word}`];
  });
  const parts = [`${there.length} homes${above.length === 0 ? "" : `: ${above.join(", ")}`}`];
  if (volume !== undefined && volume.bytes > 0)
    parts.push(`${((volume.free / volume.bytes) * 100).toFixed(1)} % free`);
  if (held > 0) parts.push(`${held} on hold`);
  if (messages > 0) parts.push(`${messages} ${messages === 1 ? "message" : "messages"}`);
  return parts.join("; ");
}
