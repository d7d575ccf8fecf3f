// The folder of sent mails where nothing can be kept: a mail is there once or not at all.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { mailbox } from "../../../local/google/mailbox.ts";
import { diskTrouble } from "../../../local/wire/disk.ts";
import { openState } from "../../../local/wire/state.ts";
import { thrownBy } from "../wire/thrown-by.ts";

const root = mkdtempSync(join(tmpdir(), "mailbox-"));
afterAll(() => rmSync(root, { recursive: true }));
const folder = join(root, "mailbox");
const mail = { bytes: Buffer.from("Hello"), subject: "Welcome", messageId: "<1@x>", recipients: 1 };

test("a mail of which the row cannot be kept leaves no file, and is kept once when it is sent again", () => {
  const state = openState(":memory:");
  const box = mailbox({ state, folder, now: () => new Date("2026-11-21T08:00:00Z") });
  state.exec("PRAGMA query_only = ON");
  expect(diskTrouble(thrownBy(() => box.keep(mail)))).toBe("read-only");
  expect(readdirSync(folder)).toEqual([]);
  state.exec("PRAGMA query_only = OFF");
  box.keep(mail);
  expect(readdirSync(folder)).toHaveLength(1);
  expect(box.recipientsOfLastDay()).toBe(1);
});

test("a mail that cannot be written leaves no row", () => {
  const state = openState(":memory:");
  const file = join(root, "file");
  writeFileSync(file, "");
  const box = mailbox({ state, folder: file, now: () => new Date("2026-11-21T08:00:00Z") });
  thrownBy(() => box.keep(mail));
  expect(box.recipientsOfLastDay()).toBe(0);
});
