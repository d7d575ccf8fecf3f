// Tests that move bytes want the rclone that machines of a sample hub find on PATH; where it is missing they say so.
import { test } from "@jest/globals";
import { rcloneTools } from "../../local/compute/rclone.ts";
import { saySkipped } from "../skipped.ts";

/** Tells whether there is one; if not, says which tests are skipped. */
export async function hasRclone(skipped: string): Promise<boolean> {
  const has = await rcloneTools("/nowhere").isCurrent();
  if (!has) saySkipped(skipped, "no rclone of 1.60 or newer on PATH");
  return has;
}

/** `test` for this file, skipped where there is none. */
export const testWithRclone = async (file: string) => ((await hasRclone(file)) ? test : test.skip);
