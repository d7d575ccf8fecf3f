// Tests of who has applied and is not entered in the member sheet yet: found by login, address or name, on a morning's records.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { OAuth2Client } from "google-auth-library";
import { applicationStore } from "../../../../functions/console/members/applications.ts";
import { answers } from "../../../../shared/control.ts";
import { identityOf } from "../../../../shared/functions.ts";
import type { MembersState } from "../../../../shared/members/records.ts";
import type { Cell } from "../../../../shared/sheets/cell.ts";
import { sheetReader } from "../../../../shared/sheets/read.ts";
import { harness as google, project, spreadsheet } from "../../../local/google/harness.ts";
import { fewMembers, settingsOf } from "../../../local/sample/sample-settings.ts";
import { head, seed } from "../day.ts";
import { asker, openConsole } from "../harness.ts";
import { answerTo } from "./looked.ts";

const settings = settingsOf({
  hubs: { prod: { members: { ...fewMembers, applications: { spreadsheet } } } },
});
const form = settings.hubs["prod"]?.members?.applications;
if (form === undefined) throw new Error("the hub has no form");

const header = ["Timestamp", "Email Address", "Name", "GitHub username: see https://github.com/settings"];
/** 2026-02-20 and a quarter past nine, as Sheets has it. */
const serial: Cell = { is: "number", value: 46_073.385, shown: "2/20/2026 9:15:02" };
const sheet: Cell[][] = [
  header,
  ["2026-01-10 10:00:00", "kim@example.org", "Kim Beck", "kim-old"],
  [serial, "Kim@example.org", "Kim Beck", "https://github.com/kim-beck"],
  ["2026-02-21 10:00:00", "lee@example.org", "Lee Fox", "Lee Fox"],
  ["2026-02-21 11:00:00", "max@example.org", "Max Fox", ""],
  ["2026-02-22 11:00:00", "ada@elsewhere.example.org", "Ada North", "ada-north"],
  ["2026-02-23 11:00:00", "joy@example.org", "Joy Ash", "joy-ash"],
];

const now = () => new Date("2026-03-02T08:05:00Z");
async function answerFrom(cells: Cell[][], who: string, more: Partial<MembersState> = {}) {
  const applications = await applicationStore({ readTab: async () => cells, now })(
    form as NonNullable<typeof form>,
  );
  return answerTo(who, { state: { ...head, ...more }, applications });
}

describe("who has applied, and is in no row", () => {
  test.each([
    ["their login", "@Kim-Beck"],
    ["their address", "kim@example.org"],
    ["the name", "KIM BECK"],
    ["a part of the name", "beck"],
  ])("is found by %s, by the newest application", async (_, who) => {
    const answer = await answerFrom(sheet, who);
    expect(answer).toMatchObject({ finding: "applied", letter: "B", need: "to-correct" });
    expect(answer.sentence).toContain(
      "Applied on 2026-02-20 (row 3 of the applications), and is not entered",
    );
    expect(answer.next).toBe("If they are approved, enter them in the member sheet as kim-beck.");
    expect(answer.paste).toContain("your account kim-beck");
  });

  test.each([
    ["lee@example.org", "for Lee Fox is none", 'We have "Lee Fox"'],
    ["max fox", "which they did not write", "Could you send us your GitHub username"],
  ])("is asked for a username where %s has none that can be", async (who, next, paste) => {
    const answer = await answerFrom(sheet, who);
    expect(answer).toMatchObject({ finding: "applied", next: expect.stringContaining(next) });
    expect(answer.paste).toContain(paste);
  });

  test("is not guessed where several have that in their name", async () => {
    const answer = await answerFrom(sheet, "fox");
    expect(answer).toMatchObject({ finding: "not-found", need: "unknown" });
    expect(answer.sentence).toContain("2 people of the applications have that in their name: rows 4, 5.");
  });

  test("may be entered under a slip, which is said", async () => {
    const cells = [header, ["", "", "", "ada-nroth"]];
    const answer = await answerFrom(cells, "ada-nroth");
    expect(answer).toMatchObject({ finding: "applied", cell: "C2" });
    expect(answer.sentence).toContain("Applied (row 2 of the applications)");
    expect(answer.sentence).toContain("Cell C2 has ada-north (ada-north): is that them?");
  });
});

describe("who is entered, or was", () => {
  test("is answered by the row, without a word of the application", async () => {
    const answer = await answerFrom(sheet, "ada-north");
    expect(answer.finding).toBe("in-team");
    expect(answer.sentence).not.toContain("application");
  });

  test("is found in the sheet by what the application adds: they applied with another address", async () => {
    const answer = await answerFrom(sheet, "ada@elsewhere.example.org");
    expect(answer).toMatchObject({ finding: "in-team", login: "ada-north" });
    expect(answer.sentence).toContain(
      "By row 6 of the applications they are ada-north. In the sheet (cell C2)",
    );
  });

  test.each([
    ["2026-02-22T08:00:00.000Z", "applied"],
    ["2026-02-23T12:00:00.000Z", "not-found"],
  ])("has applied anew only after what is known of them, of %s: %s", async (outcomeAt, finding) => {
    const known = { "joy-ash": { invitations: 1, outcome: "withdrawn" as const, outcomeAt } };
    expect((await answerFrom(sheet, "joy-ash", { known })).finding).toBe(finding);
  });
});

test("columns are found by their headings; of a question that was made anew, what is filled in counts", async () => {
  const cells = [
    ["Name", "Timestamp", "GitHub username", "E-mail", "GitHub username (new)", "github username"],
    ["Kim Beck", "2026-02-20", "", "kim@example.org", "", "kim-beck"],
  ];
  expect((await answerFrom(cells, "kim-beck")).finding).toBe("applied");
  const without = await answerFrom([["When", "Mail"]], "kim-beck");
  expect(without.finding).toBe("not-found");
  expect(without.sentence).toContain(
    'The applications could not be read: the first row of the tab "Form Responses 1" has none of the headings "GitHub username"',
  );
});

describe("on the console", () => {
  const csv = `${header.join(",")}\n2026-02-20 09:15:02,kim@example.org,Kim Beck,kim-beck\n`;
  async function opened() {
    const far = await google({ csv, tab: "Form Responses 1" });
    const identity = identityOf("console", project);
    far.shareWith([identity]);
    const readTab = sheetReader({
      endpoints: far.endpoints,
      identity,
      retries: 0,
      auth: async () => {
        const client = new OAuth2Client();
        client.setCredentials({
          access_token: far.mint(identity, ["https://www.googleapis.com/auth/spreadsheets.readonly"]).token,
        });
        return client;
      },
    }).readTab;
    const on = await openConsole({ settings, readTab });
    await seed(on.records);
    const { post } = asker(() => on.app);
    return {
      far,
      on,
      post,
      requests: () => far.faults.calls().get(`google GET /v4/spreadsheets/${spreadsheet}`) ?? 0,
      why: async (...who: string[]) => {
        const answer = await post("/api/members/prod/why", { who });
        expect(answer.status).toBe(200);
        return answers.why.parse(await answer.json()).people.flatMap((person) => person.answers);
      },
      close: async () => {
        await on.close();
        await far[Symbol.asyncDispose]();
      },
    };
  }
  let it: Awaited<ReturnType<typeof opened>>;
  beforeAll(async () => {
    it = await opened();
  });
  afterAll(() => it.close());
  // A minute later nothing that was read before is used any more.
  beforeEach(() => {
    it.on.clock.moveBy(60_000);
    it.far.faults.forget();
  });

  test("forty cost one request, and a minute later another; who is in the sheet costs none", async () => {
    expect((await it.why("ada-north")).map(({ finding }) => finding)).toEqual(["in-team"]);
    expect(it.requests()).toBe(0);
    const forty = Array.from({ length: 39 }, (_, index) => `nobody-${index}-at-all`);
    const found = await it.why(...forty, "kim-beck");
    expect(found[0]).toMatchObject({ finding: "applied" });
    expect(found.filter(({ finding }) => finding === "not-found")).toHaveLength(39);
    await it.why("kim@example.org");
    expect(it.requests()).toBe(1);
    it.on.clock.moveBy(60_000);
    await it.why("kim@example.org");
    expect(it.requests()).toBe(2);
  });

  test("the lights of a class tell who has only applied, by one request for all; of people of the sheet they ask nothing", async () => {
    const lights = async (name: string, list: string) => {
      const kept = await it.post("/api/classes/prod", { on: "2026-03-09", name, list });
      const { lines } = answers.classGiven.parse(await kept.json()).view;
      return lines.map(({ who, light, word, sentence }) => [who, light, word, sentence.slice(0, 45)]);
    };
    expect(await lights("known", "ada-north")).toEqual([
      ["ada-north", "green", "in the team", expect.any(String)],
    ]);
    expect(it.requests()).toBe(0);
    expect(await lights("fresh", "Kim Beck\nnobody-at-all")).toEqual([
      ["Kim Beck", "red", "only applied", "Applied on 2026-02-20 (row 2 of the applicati"],
      ["nobody-at-all", "red", "not found", expect.any(String)],
    ]);
    expect(it.requests()).toBe(1);
  });

  test("what cannot be read is said in a clause, and what was mended is seen at once", async () => {
    const why = async () => (await it.why("kim-beck"))[0];
    it.far.shareWith([]);
    const unshared = await why();
    expect(unshared).toMatchObject({ finding: "not-found", need: "unknown" });
    expect(unshared?.sentence).toContain(
      `The applications could not be read: the sheet is not shared with ${identityOf("console", project)}.`,
    );
    it.far.shareWith([identityOf("console", project)]);
    it.far.faults.add({ farEnd: "google", failure: { kind: "status", status: 503 } });
    expect((await why())?.sentence).toContain("The applications could not be read: Google Sheets");
    it.far.faults.clear();
    expect((await why())?.finding).toBe("applied");
  });
});
