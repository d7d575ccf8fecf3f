// Words of the status sheet: one line for each row of the member sheet, in the words of *why*. Pure. It has no addresses and no names: it may
// be shared with more people than the member sheet is.
import { dayIn } from "../../shared/clock.ts";
import type { Need } from "../../shared/members/answers.ts";
import { withoutAddresses } from "../../shared/members/asked.ts";
import { findingLooks } from "../../shared/members/findings.ts";
import { invitationEnds } from "../../shared/members/invitations.ts";
import { summaryOfNeeds } from "../../shared/members/need.ts";
import type { MembersState, Rejected } from "../../shared/members/records.ts";
import { isUsername } from "../../shared/members/refused-rows.ts";
import {
  type Answered,
  aboutCells,
  answerOfStanding,
  answerToCell,
  answerToRow,
} from "../../shared/members/sheet-answers.ts";
import {
  type HeldChange,
  type Person,
  type Surroundings,
  surroundingsOf,
} from "../../shared/members/standing.ts";
import type { Hub } from "../../shared/settings.ts";
import { rowIn } from "../../shared/sheets/typed.ts";
import type { Table } from "../../shared/sheets/write.ts";
import { knownOf, lower } from "./names.ts";

export type Status = {
  hub: Hub;
  /** State that the run leaves, or why the sheet as a whole cannot be read. */
  found: MembersState | { problem: string };
  /** Changes that wait, by lower-case login. */
  held: ReadonlyMap<string, HeldChange>;
};

/** Line about one row of the member sheet. */
type Line = {
  row: number;
  login: string;
  word: string;
  need: Need;
  until: string;
  meant: string;
  sentence: string;
  next: string;
};

const headings = [
  "Row",
  "GitHub username",
  "Status",
  "Invited until",
  "Did you mean",
  "Why",
  "What to do",
] as const;
/** Rows above the lines. */
const frozen = 4;
/** Google recommends no more for a request (https://developers.google.com/workspace/sheets/api/limits). */
const mostBytes = 2_000_000;
/** Bytes that a request has around the value of each cell. */
const bytesAround = 45;

export type StatusWords = {
  /** All that matters of the table: what changes when it is to be written. */
  matter: unknown;
  /** The table as of a time. */
  tableAt: (now: Date) => Table;
};

/** Gives the words of the status sheet. */
export function statusWords({ hub, found, held }: Status): StatusWords {
  const lines = "problem" in found ? [] : linesOf({ hub, found, held });
  const summary =
    "problem" in found
      ? shown(found.problem)
      : `${lines.length} ${lines.length === 1 ? "row" : "rows"}: ${summaryOfNeeds(lines.map(({ need }) => need))}`;
  const cells = cellsOf(lines);
  return {
    matter: [summary, cells],
    tableAt: (now) => ({
      frozen,
      columns: headings.length,
      rows: [
        ["Groundcrew status"],
        [
          `Last change: ${timeIn(hub.timeZone, now)}. Groundcrew writes this page over: correct the member sheet, not this one.`,
        ],
        [summary],
        [...headings],
        ...cells,
        // A tab cannot be frozen to its last row.
        ...(cells.length === 0 ? [[""]] : []),
      ],
    }),
  };
}

type Lines = { hub: Hub; found: MembersState; held: Status["held"] };

function linesOf({ hub, found: state, held }: Lines): Line[] {
  const looked = surroundingsOf(hub, held);
  const of = { state, looked };
  // People behind the good rows are remembered from rows that cannot be read now.
  const people = new Map(state.people.toReversed().map((person) => [rowIn(person.cell), person]));
  const lines = new Map(
    [...people].map(([row, person]) => [row, lineOfPerson(person, of, answerToRow(person, state, looked))]),
  );
  const loginOf = loginsTyped(state, held);
  const ownCells = new Set(state.people.map(({ cell }) => cell));
  for (const rejected of state.rejected) {
    const row = rowIn(rejected.cell);
    const person = people.get(row);
    const also = lines.get(row);
    const login = shown(loginOf(rejected));
    const isTheirs =
      also !== undefined && ownCells.has(rejected.cell) && lower(also.login) === lower(rejected.value);
    lines.set(
      row,
      isTheirs || (also !== undefined && wordsAboutCells.has(also.word))
        ? { ...also, login: login === "" ? also.login : login, meant: meantBy(rejected) }
        : lineOfCell(rejected, { ...of, person, login }),
    );
  }
  return [...lines.values()].sort((a, b) => a.row - b.row);
}

const wordsAboutCells = new Set([...aboutCells].map((finding) => findingLooks[finding].word));

type Of = { state: MembersState; looked: Surroundings };

function lineOfPerson(person: Person, { state, looked }: Of, answer: Answered): Line {
  const login = lower(person.login);
  const known = knownOf(state, login);
  const sentAt = answer.finding === "invited" && known?.outcome === "taken" ? known.invitedAt : undefined;
  // In a large hub most are in, and have nothing to read.
  const isPlain = answer.finding === "in-team" && person.status === "in-team" && !looked.held.has(login);
  return {
    ...said(answer),
    ...(isPlain ? { sentence: "", next: "" } : {}),
    row: rowIn(person.cell),
    login: person.login,
    until: sentAt === undefined ? "" : dayIn(looked.hub.timeZone, invitationEnds(new Date(sentAt))),
    meant: "",
  };
}

/** Line about a row that cannot be used: of somebody who was read from it before, it also says where they stand. */
function lineOfCell(
  rejected: Rejected,
  { state, looked, person, login }: Of & { person: Person | undefined; login: string },
): Line {
  const line = {
    ...said(answerToCell(rejected, state, looked)),
    row: rowIn(rejected.cell),
    login,
    until: "",
    meant: meantBy(rejected),
  };
  if (person === undefined) return line;
  // The cell that cannot be used is named already.
  const also = lineOfPerson(person, { state, looked }, answerOfStanding(person, state, looked));
  // Somebody else may be meant now than who was read before.
  const isOther = login !== "" && lower(login) !== lower(also.login);
  const before = isOther ? `Read from this row before: ${also.login}, ${also.word}.` : also.sentence;
  return {
    ...line,
    sentence: [line.sentence, before].filter((text) => text !== "").join(" "),
    ...(isOther ? {} : { login: also.login, until: also.until }),
  };
}

function said({
  finding,
  need,
  sentence,
  next,
}: Answered): Pick<Line, "word" | "need" | "sentence" | "next"> {
  const { word, need: usual } = findingLooks[finding];
  return {
    word,
    need: need ?? usual,
    sentence: shown(sentence),
    next: shown(next.replace("the paragraph below", pasteElsewhere)),
  };
}

/** Paragraphs to send to people have names in them, and stand in the console alone. */
const pasteElsewhere = "the paragraph that Who can't log in? has for them";

const meantBy = ({ suggestion = "" }: Rejected): string => shown(suggestion);

/** Finds the username as it was typed into a row that cannot be used; none where the memory of the rows may be of other rows. */
function loginsTyped(state: MembersState, held: Status["held"]): (rejected: Rejected) => string {
  const rows = new Map(held.size > 0 ? [] : state.pairings?.map(({ at, login }) => [at, login]));
  return (rejected) =>
    isUsername(rejected, state) ? rejected.value : (rejected.login ?? rows.get(rowIn(rejected.cell)) ?? "");
}

const shown = (text: string): string => withoutAddresses(text, "(an address)");

/** Gives the cells with as many words as there is room for: whoever needs nothing from anybody has none first, then all others. */
function cellsOf(lines: readonly Line[]): (string | number)[][] {
  const quiet: readonly Need[] = ["fine", "to-wait", "to-accept"];
  const made = [
    lines,
    lines.map((line) => (quiet.includes(line.need) ? { ...line, sentence: "", next: "" } : line)),
    lines.map((line) => ({ ...line, sentence: "", next: "" })),
  ].map((each) => each.map(cells));
  return made.find((rows) => bytesOf(rows) <= mostBytes) ?? made.at(-1) ?? [];
}

const bytesOf = (rows: readonly (string | number)[][]): number =>
  Buffer.byteLength(JSON.stringify(rows)) + bytesAround * rows.flat().filter((value) => value !== "").length;

const cells = ({ row, login, word, until, meant, sentence, next }: Line): (string | number)[] => [
  row,
  login,
  word,
  until,
  meant,
  sentence,
  next,
];

/** Gives the day and the minute in a time zone, with its name. */
function timeIn(timeZone: string, at: Date): string {
  const time = new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit" }).format(at);
  return `${dayIn(timeZone, at)} ${time} (${timeZone})`;
}
