// A release of rclone in the settings: its version and its sum belong together.
import { expect, test } from "@jest/globals";
import { RcloneSettings } from "../../../shared/settings/machine.ts";

const sha256 = "0".repeat(64);

test("without a word it is the release that was tried with this version", () => {
  expect(RcloneSettings.parse({})).toEqual({
    from: "release",
    version: "1.75.1",
    sha256: "982b5aa772841168f8e380f139e9e787b2a105403e32b94da8676a0e1c0a13ab",
  });
});

test.each([
  [{ version: "1.76.0", sha256 }, undefined],
  [{ version: "1.76.0" }, "sha256"],
  [{ sha256 }, "sha256"],
  [{ version: "v1.76.0", sha256 }, "version"],
  [{ version: "1.76.0", sha256: "0" }, "sha256"],
])("%j: wrong at %s", (given, path) => {
  expect(RcloneSettings.safeParse(given).error?.issues[0]?.path.join(".")).toBe(path);
});
