// Transfers from and to S3 stores that others wrote, with the real start-up script and each rclone that is there: the test reads what
// arrived by a client of its own.
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { fortyNames, namesBesideFolders, unmovableNames } from "../foreign/odd-names.ts";
import { md5Of, putInParts, rcloneSum } from "../local/s3/parts.ts";
import { foreignStores } from "./foreign-stores.ts";

const { cases, begun } = await foreignStores("test/flows/transfer-foreign.long.ts");

function save(path: string, content: Buffer | string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
const digestOf = (bytes: Buffer | string): string => createHash("sha256").update(bytes).digest("hex");
const textOf = (name: string): string => (/(^empty|\/)$/.test(name) ? "" : `of ${name}`);
const aboutOf = ({ told }: { told: readonly { about: string }[] }): string[] =>
  told.map(({ about }) => about).sort();

(cases.length > 0 ? describe : describe.skip)("foreign stores", () => {
  test.each(cases)("$store, $rclone: forty odd names arrive there, across and back", async (here) => {
    const { bucket, put, digests, transfer, instance } = await begun(here);
    for (const one of fortyNames) save(join(bucket("persistent"), "set", one), textOf(one));
    const wanted = Object.fromEntries(fortyNames.map((one) => [one, digestOf(textOf(one))]));
    const out = await transfer("out", "persistent:set", "pod-published:set");
    expect(out.end).toBe("transfer out done: 40 objects copied");
    expect(await digests("pod-published", "set", fortyNames)).toEqual(wanted);

    // Hard names arrive, or are told.
    const hard = unmovableNames.filter((one) => !here.refuses.some((refused) => refused === one));
    for (const one of hard) await put("pod-published", `set/${one}`, textOf(one));
    const across = await transfer("across", "pod-published:set", "pod-inbox:set");
    expect(await digests("pod-inbox", "set", fortyNames)).toEqual(wanted);
    const arrived = await digests("pod-inbox", "set", hard);
    expect(aboutOf(across)).toEqual(hard.filter((one) => arrived[one] === undefined).sort());

    const back = await transfer("back", "pod-published:set", "scratch:set");
    expect(await digests("scratch", "set", fortyNames)).toEqual(wanted);
    const returned = await digests("scratch", "set", hard);
    expect(aboutOf(back)).toEqual(hard.filter((one) => returned[one] === undefined).sort());
    // Metadata that rclone has written by itself is nobody's own. The longest name fits below a folder of no more letters.
    const again = await transfer("again", "pod-inbox:set", "scratch:two");
    const unheld = hard.filter((one) => arrived[one] !== undefined && returned[one] === undefined);
    expect(aboutOf(again)).toEqual(unheld.sort());
    expect(instance.farEnds.compute.machines()).toEqual([]);
  });

  test.each(cases)(
    "$store, $rclone: objects in parts are the same only where their bytes are",
    async (here) => {
      const { bucket, at, client, digests, transfer, instance } = await begun(here);
      const bytes = (letter: string) => Buffer.alloc(6 * 1024 * 1024, letter);
      // More than rclone sends in one piece.
      const large = Buffer.alloc(201 * 1024 * 1024, "large");
      const names = ["stale", "stale of somebody", "same", "same of somebody"];
      for (const one of names) save(join(bucket("persistent"), "set", one), bytes("s"));
      save(join(bucket("persistent"), "set", "large"), large);
      const put = (one: string, whole: Buffer, headers: Record<string, string> = {}) =>
        putInParts(client, at("pod-inbox", `set/${one}`), { whole, headers });
      await put("stale", bytes("o"), rcloneSum(md5Of(bytes("o"))));
      await put("stale of somebody", bytes("o"));
      await put("same", bytes("s"), rcloneSum(md5Of(bytes("s"))));
      await put("same of somebody", bytes("s"));

      const out = await transfer("out", "persistent:set", "pod-inbox:set");
      expect(out.end).toBe(
        "transfer out not complete: 1 object copied, 2 objects there already, 2 objects of another content left alone",
      );
      const wanted = {
        stale: digestOf(bytes("o")),
        "stale of somebody": digestOf(bytes("o")),
        same: digestOf(bytes("s")),
        "same of somebody": digestOf(bytes("s")),
        large: digestOf(large),
      };
      expect(await digests("pod-inbox", "set", [...names, "large"])).toEqual(wanted);

      save(join(bucket("scratch"), "set", "same of somebody"), bytes("x"));
      const back = await transfer("back", "pod-inbox:set", "scratch:set");
      expect(back.end).toBe(
        "transfer back not complete: 4 objects copied, 1 object of another content left alone",
      );
      const returned = { ...wanted, "same of somebody": digestOf(bytes("x")) };
      expect(await digests("scratch", "set", [...names, "large"])).toEqual(returned);
      expect(instance.farEnds.compute.machines()).toEqual([]);
    },
  );

  test.each(cases)("$store, $rclone: folders beside names that begin as they do", async (here) => {
    const { bucket, put, digests, transfer } = await begun(here);
    // Beyond a page s3rver lists some names again, and others never.
    const names = namesBesideFolders(here.store === "s3rver" ? 100 : 400);
    for (const one of names) save(join(bucket("persistent"), "set", one), textOf(one));
    const wanted = Object.fromEntries(names.map((one) => [one, digestOf(textOf(one))]));
    const other = textOf("chunk-7").toUpperCase();
    await put("pod-published", "set/chunk-7", other);
    await put("pod-published", "set/chunk.7/0", textOf("chunk.7/0"));
    const count = (names.length - 2).toLocaleString("en");
    const out = await transfer("out", "persistent:set", "pod-published:set");
    expect(out.end).toBe(
      `transfer out not complete: ${count} objects copied, 1 object there already, 1 object of another content left alone`,
    );
    const there = { ...wanted, "chunk-7": digestOf(other) };
    expect(await digests("pod-published", "set", names)).toEqual(there);
    await transfer("across", "pod-published:set", "pod-inbox:set");
    expect(await digests("pod-inbox", "set", names)).toEqual(there);
    await transfer("back", "pod-published:set", "scratch:set");
    expect(await digests("scratch", "set", names)).toEqual(there);
  });

  test.each(cases)("$store, $rclone: one object at the root of a bucket", async (here) => {
    const { bucket, put, digests, transfer } = await begun(here);
    const names = ["alone.nc", "alone.ncx", "alone.nc.bak", "alone/alone.nc"];
    for (const one of names) {
      save(join(bucket("persistent"), one), textOf(one));
      await put("pod-published", one, textOf(one));
    }
    const alone = { "alone.nc": digestOf(textOf("alone.nc")) };
    const only = { ...Object.fromEntries(names.map((one) => [one, undefined])), ...alone };
    const end = "done: 1 object copied";
    const out = await transfer("out", "persistent:alone.nc", "pod-inbox:");
    expect([out.end, await digests("pod-inbox", "", names)]).toEqual([`transfer out ${end}`, only]);
    const back = await transfer("back", "pod-published:alone.nc", "scratch:");
    expect([back.end, await digests("scratch", "", names)]).toEqual([`transfer back ${end}`, only]);
    const across = await transfer("across", "pod-published:alone.nc", "pod-inbox:set");
    expect([across.end, await digests("pod-inbox", "set", names)]).toEqual([`transfer across ${end}`, only]);
  });
});
