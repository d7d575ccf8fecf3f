// `groundcrew quota scan --to`: what was measured is shown whatever becomes of the report that is sent.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { answers } from "../../shared/control.ts";
import { QuotaReport } from "../../shared/quota/report.ts";
import { against } from "./console-harness.ts";
import { command } from "./in-process.ts";
import { answer, refusal } from "./loopback.ts";

const homes = mkdtempSync(join(tmpdir(), "quota-"));
mkdirSync(join(homes, "ada"));
afterAll(() => rmSync(homes, { recursive: true }));

const scan = ["quota", "scan", homes, "--to", "reports:prod", "--json"];
const measured = (stdout: string) =>
  QuotaReport.parse(JSON.parse(stdout)).directories.map(({ name }) => name);

test("the report is sent as it is shown", async () => {
  const { code, stdout, asked } = await against(
    { "POST /api/quota/prod/reports": answer(answers.done, { ok: true, said: "kept" }) },
    scan,
  );
  expect([code, measured(stdout)]).toEqual([0, ["ada"]]);
  expect(asked[0]?.body).toEqual(JSON.parse(stdout));
});

test("a report that nobody takes is not lost: a walk may have lasted for hours", async () => {
  const refused = await against(
    { "POST /api/quota/prod/reports": refusal(422, "the report was not kept", "no such hub", "name one") },
    scan,
  );
  expect([refused.code, measured(refused.stdout)]).toEqual([2, ["ada"]]);
  const alone = await command(scan);
  expect([alone.code, measured(alone.stdout)]).toEqual([1, ["ada"]]);
  expect(alone.stderr).toContain("the sample hub is not running");
});
