// A transfer of a sample hub whose machines are taken away at random points while they copy, and what has become of everything in the end.
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Fault } from "../../local/wire/faults.ts";
import type { S3Server } from "../foreign/s3-servers.ts";
import { takeAway } from "./preemptions.ts";
import { tellings, transferHub } from "./transfer-hub.ts";
import { contents, fill } from "./transfer-tree.ts";

const mebibytes = 1024 * 1024;

/** Makes an end slow enough for there to be a middle of the work: our own S3 store where it writes, beside another one the source. */
const slow = {
  target: { farEnd: "s3", match: "PUT", failure: { kind: "delay", milliseconds: 1500 } },
  source: { farEnd: "storage", match: "/b/persistent/o/", failure: { kind: "delay", milliseconds: 900 } },
} as const satisfies Record<string, Fault>;

/** Slow machines, of which more may be taken away than the usual twenty. */
const settings = (text: string): string =>
  text
    .replace(/^( +)machine:\n/m, "$&$1  vcpus: 2\n")
    .replace(/^( +)dollars: 5\n/m, "$&$1preemptions: 100\n");

/**
 * Copies so many small objects, and larger ones of so many MiB each, from Cloud Storage to an S3 store, and takes so many machines away. With a
 * `server` the store is one that others wrote.
 */
export async function preempted(of: {
  seed: number;
  machines: number;
  objects: number;
  largeMiB: readonly number[];
  server?: S3Server;
  programs?: string | undefined;
}) {
  await using closing = new AsyncDisposableStack();
  const hub = await transferHub({ ...of, settings });
  closing.defer(hub.close);
  const source = join(hub.bucket("persistent"), "many");
  fill(source, of.objects);
  mkdirSync(join(source, "large"));
  for (const [index, size] of of.largeMiB.entries())
    writeFileSync(join(source, "large", `${index}.nc`), Buffer.alloc(size * mebibytes, `large ${index}`));

  const { compute, faults } = hub.instance.farEnds;
  faults.add({ ...slow[of.server === undefined ? "target" : "source"], times: 1_000_000 });
  using away = takeAway(compute, of);
  const { end } = await hub.transfer("many", "persistent:many", "pod-inbox:many");
  faults.clear();
  const uploads = await (await hub.client.fetch(`${hub.at("pod-inbox", "")}?uploads=`)).text();
  const wanted = contents(source);
  return {
    taken: away.taken(),
    end,
    told: tellings(hub.posts()),
    wanted,
    arrived:
      of.server === undefined
        ? contents(join(hub.world.buckets, "pod-inbox/many"))
        : await hub.digests("pod-inbox", "many", Object.keys(wanted)),
    machines: compute.machines().length,
    disks: readdirSync(hub.world.machines).length,
    openUploads: uploads.split("<Upload>").length - 1,
  };
}
