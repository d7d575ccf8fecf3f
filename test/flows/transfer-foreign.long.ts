// Transfers from and to S3 stores that others wrote, with the real start-up script and each rclone that is there: the test reads what
// arrived by a client of its own.
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import { foreign } from "../foreign/harness.ts";
import { fortyNames, unmovableNames } from "../foreign/odd-names.ts";
import { type S3Server, s3Server } from "../foreign/s3-servers.ts";
import { md5Of, putInParts, rcloneSum } from "../local/s3/parts.ts";
import { besideCases } from "./beside-kinds.ts";
import { type ForeignHub, foreignHub, type S3Remote, s3Remotes } from "./foreign-hub.ts";
import { takeAway } from "./preemptions.ts";
import { hasRclone } from "./rclone.ts";
import { contents, fill } from "./transfer-tree.ts";

const file = "test/flows/transfer-foreign.long.ts";

/** Stores, the hard names that each cannot hold, and the kinds beside the bytes that it does not keep. */
const stores = [
  { store: "radosgw", refuses: [], drops: [] },
  { store: "s3rver", refuses: ["folder//of no name.txt"], drops: ["tags", "hold or retention"] },
] as const;

/** Each rclone that is there, and the folder in which machines find it first. */
const current = foreign("bin/rclone", file);
const rclones: { rclone: string; programs: string | undefined }[] = [
  ...((await hasRclone(file)) ? [{ rclone: "the system's rclone", programs: undefined }] : []),
  ...(current === undefined ? [] : [{ rclone: "a current rclone", programs: dirname(current) }]),
];
const cases = stores.flatMap((store) => rclones.map((rclone) => ({ ...store, ...rclone })));
const starts = { radosgw: s3Server("radosgw", file), s3rver: s3Server("s3rver", file) };
const there = cases.filter(({ store }) => starts[store] !== undefined);

let server: S3Server | undefined;
let hub: ForeignHub | undefined;
afterEach(async () => {
  await hub?.close();
  await server?.close();
});

async function begun(
  { store, programs }: (typeof cases)[number],
  locked: readonly S3Remote[] = [],
): Promise<ForeignHub> {
  const start = starts[store];
  if (start === undefined) throw new Error("it was to be skipped");
  server = await start({ buckets: s3Remotes, locked });
  hub = await foreignHub(server, programs);
  return hub;
}

function save(path: string, content: Buffer | string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
const digestOf = (bytes: Buffer | string): string => createHash("sha256").update(bytes).digest("hex");
const textOf = (name: string): string => (/(^empty|\/)$/.test(name) ? "" : `of ${name}`);
const aboutOf = ({ told }: { told: readonly { about: string }[] }): string[] =>
  told.map(({ about }) => about).sort();

(there.length > 0 ? describe : describe.skip)("foreign stores", () => {
  test.each(there)("$store, $rclone: forty odd names arrive there, across and back", async (here) => {
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
    // Metadata that rclone has written by itself is nobody's own.
    expect(aboutOf(await transfer("again", "pod-inbox:set", "scratch:again"))).toEqual([]);
    expect(instance.farEnds.compute.machines()).toEqual([]);
  });

  test.each(there)(
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

  test.each(there)(
    "$store, $rclone: of twelve kinds beside the bytes each arrives or is told",
    async (here) => {
      const { at, client, put, transfer } = await begun(here, ["pod-published"]);
      const shown = async (remote: S3Remote) => {
        const heads = besideCases.map(async ({ kind, name, shows: [header, value] }) => {
          const answer = await client.fetch(at(remote, `set/${name}`), { method: "HEAD" });
          return answer.ok && answer.headers.get(header) === value ? [kind] : [];
        });
        return (await Promise.all(heads)).flat();
      };
      for (const { name, put: headers } of besideCases)
        await put("pod-published", `set/${name}`, textOf(name), headers);
      const were = await shown("pod-published");
      const kept = besideCases.filter(({ kind }) => !here.drops.some((dropped) => dropped === kind));
      expect(were).toEqual(kept.map(({ kind }) => kind));
      const across = await transfer("across", "pod-published:set", "pod-inbox:set");
      expect([...(await shown("pod-inbox")), ...aboutOf(across)].sort()).toEqual(were.sort());
    },
  );

  const lastOfEach = there.filter(({ store }, index) => there[index + 1]?.store !== store);
  test.each(lastOfEach)("$store: machines are taken away, and every object arrives", async (here) => {
    const { bucket, digests, transfer, instance } = await begun(here);
    fill(join(bucket("persistent"), "many"), 1200);
    // A source so slow that there is a middle of the work.
    const failure = { kind: "delay", milliseconds: 900 } as const;
    const match = "/b/persistent/o/";
    instance.farEnds.faults.add({ farEnd: "storage", match, times: 100_000, failure });
    using away = takeAway(instance.farEnds.compute, { seed: 1, machines: 5 });
    const { end } = await transfer("many", "persistent:many", "pod-inbox:many");
    expect([away.taken(), end]).toEqual([5, "transfer many done: 1,200 objects copied"]);
    const wanted = contents(join(bucket("persistent"), "many"));
    expect(await digests("pod-inbox", "many", Object.keys(wanted))).toEqual(wanted);
    expect(instance.farEnds.compute.machines()).toEqual([]);
  });
});
