// `groundcrew mail`: what would go out, after a look that changes nothing; and the texts, which fit the settings as they are printed.
import { expect, test } from "@jest/globals";
import { parse } from "yaml";
import { answers } from "../../shared/control.ts";
import { MailTemplates, occasions } from "../../shared/members/mail-templates.ts";
import { against, run, thatRuns } from "./console-harness.ts";
import { command } from "./in-process.ts";
import { answer } from "./loopback.ts";

const nowhere = { running: { origin: "http://127.0.0.1:1", token: "t" } };
const mail = {
  occasion: "ends-7" as const,
  to: "ada@example.org",
  subject: "Your membership ends",
  text: "Hello Ada,\n\nit ends.\n",
  template: "hubs.sample.members.mails.ends-7",
};
const preview = (flags: string[], mails: object[] = [mail]) =>
  against(
    {
      ...thatRuns(run({})),
      "GET /api/members/sample/mails": answer(answers.mails, {
        hub: "sample",
        asOf: "2026-03-01T10:00:00.000Z",
        mails: mails as (typeof mail)[],
        templates: [],
      }),
    },
    ["mail", "preview", ...flags],
  );

test("preview asks for a dry run, and prints each mail with where its text comes from", async () => {
  const { code, stdout, asked } = await preview([]);
  expect(code).toBe(0);
  expect(asked.find(({ call }) => call.startsWith("POST"))?.body).toEqual({ hub: "sample", dryRun: true });
  expect(stdout).toBe(`Your membership ends
  to ada@example.org; ends-7, text: hubs.sample.members.mails.ends-7
  | Hello Ada,
  | 
  | it ends.

`);
  expect((await preview([], [])).stdout).toBe("no mail to a member is due\n");
});

test("preview --json gives the mails as they are", async () => {
  const { stdout } = await preview(["--json"]);
  expect(JSON.parse(stdout)).toEqual({ hub: "sample", asOf: "2026-03-01T10:00:00.000Z", mails: [mail] });
});

test("templates prints what the settings take", async () => {
  const { code, stdout } = await command(["mail", "templates"], nowhere);
  expect(code).toBe(0);
  const { mails } = parse(stdout);
  expect(Object.keys(MailTemplates.parse(mails))).toEqual(occasions);
});
