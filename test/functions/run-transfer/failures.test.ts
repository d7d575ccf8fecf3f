// What people read when machines gave up.
import { expect, test } from "@jest/globals";
import { becauseOf, isHopeless, noteOf } from "../../../functions/run-transfer/failures.ts";

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
