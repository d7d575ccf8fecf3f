// Words that people read when machines gave up.
import { expect, test } from "@jest/globals";
import { becauseOf, isHopeless, lastingReason, noteOf } from "../../../functions/run-transfer/failures.ts";
import { failed as failure } from "../../../shared/failure.ts";

const line = "curl https://rclone.org/install.sh | sudo bash";
const failed = (why: string) => [{ state: "failed" as const, why }];

test("a note names the line that installs a current rclone wherever there is none", () => {
  expect(noteOf([], { interop: false })).toBeUndefined();
  expect(noteOf([], { interop: true })).toBe(
    `Both ends were spoken to as S3, for this machine has no current rclone. Install a current one, and start again: ${line}`,
  );
  expect(noteOf([...failed("rclone-missing"), ...failed("rclone-missing")], { interop: true })).toBe(
    `This machine has no rclone, and the old one could not be fetched from npm. Install a current one, and start again: ${line}`,
  );
  expect(noteOf(failed("rclone-missing"), { interop: false })).toBe(
    "Name a release of rclone under transfers.rclone in the settings and deploy; or put one of 1.60 or newer into the machines' image.",
  );
});

test("what no machine can mend is not tried again, and the reason is told", () => {
  const reasons = ["rclone-missing", "keys-missing", "keys-unreadable", "rclone"];
  expect(reasons.map((why) => isHopeless({ why }))).toEqual([true, true, false, false]);
  expect(isHopeless(undefined)).toBe(false);
  expect(becauseOf([{ state: "done", why: "keys-missing" }, ...failed("rclone")])).toBeUndefined();
  expect(becauseOf([...failed("rclone"), ...failed("keys-missing")])).toBe(
    "its machines found no keys for a remote",
  );
});

test.each<[string, Parameters<typeof isHopeless>[0], boolean]>([
  ["denied each of its objects", { causes: { denied: 30 }, objects: 0 }, true],
  ["had room for none", { causes: { quota: 2 } }, true],
  ["denied some and took others", { causes: { denied: 30 }, objects: 1 }, false],
  ["gave two answers", { causes: { denied: 3, other: 1 }, objects: 0 }, false],
  ["was busy", { causes: { busy: 3 }, objects: 0 }, false],
  ["had none of them any more", { causes: { gone: 3 }, objects: 0 }, false],
  ["had its bucket no more", { causes: { "no-bucket": 3 }, objects: 0 }, true],
  ["said what nobody knows", { causes: { other: 3 }, objects: 0 }, false],
])("a store that %s: another machine is of no use is %#", (_, report, hopeless) => {
  expect(isHopeless({ why: "rclone", ...report })).toBe(hopeless);
});

test("of the answers of stores the most frequent is told first, each once with its cure; a machine's own reason before", () => {
  const report = (causes: Record<string, number>, why = "rclone") => ({
    state: "failed" as const,
    why,
    causes,
  });
  const reports = [report({ gone: 2 }), report({ gone: 2, denied: 3, other: 50 })];
  expect(becauseOf(reports)).toBe("objects were gone from the source by then");
  expect(noteOf(reports, { interop: false })?.split("\n")).toEqual([
    expect.stringMatching(/^Look who deletes at the source/),
    expect.stringMatching(/^Look whether the keys/),
  ]);
  expect(becauseOf([...reports, report({ denied: 9 }, "list-missing")])).toBe(
    "its machines could not read their lists",
  );
  expect(becauseOf([{ ...report({ denied: 9 }), state: "done" }])).toBeUndefined();
});

test("a machine that is refused for good ends the transfer with the cause and the cure; what may settle gets its minutes", () => {
  const now = new Date("2026-11-28T10:20:00Z");
  const refusal = (lasts: "lasting" | "settling" | "transient") =>
    failure({
      service: "compute",
      cause: "no-image",
      lasts,
      explanation: {
        what: "a machine cannot be made",
        why: "the image is not there",
        next: "make the image",
      },
    });
  const old = { since: "2026-11-28T10:00:00Z" };
  const young = { since: "2026-11-28T10:10:00Z" };
  const said = "the image is not there (to mend it: make the image)";
  expect([
    lastingReason(refusal("lasting"), young, now),
    lastingReason(refusal("settling"), young, now),
    lastingReason(refusal("settling"), old, now),
    lastingReason(refusal("settling"), {}, now),
    lastingReason(refusal("transient"), old, now),
    lastingReason(new Error("another"), old, now),
  ]).toEqual([said, undefined, said, undefined, undefined, undefined]);
});
