// A transfer of a sample hub whose machines are taken away at random points while they copy, and what has become of everything in the end.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AwsClient } from "aws4fetch";
import { defaultPeople, makeWorld } from "../../local/sample/world.ts";
import { takeAway } from "./preemptions.ts";
import { sample } from "./sample.ts";
import { contents, fill } from "./transfer-tree.ts";

const mebibytes = 1024 * 1024;

/**
 * Copies so many small objects, and larger ones of so many MiB each, from Cloud Storage to an S3 store that is slow enough for there to be
 * a middle of the work; takes so many machines away.
 */
export async function preempted(of: {
  seed: number;
  machines: number;
  objects: number;
  largeMiB: readonly number[];
}) {
  const hub = sample({ only: "run-transfer" });
  await using closing = new AsyncDisposableStack();
  closing.defer(hub.close);
  const world = makeWorld(hub.folder, defaultPeople);
  // Slow machines, of which more may be taken away than the usual twenty.
  const settings = readFileSync(world.settings, "utf8")
    .replace(/^( +)machine:\n/m, "$&$1  vcpus: 2\n")
    .replace(/^( +)dollars: 5\n/m, "$&$1preemptions: 100\n");
  writeFileSync(world.settings, settings);
  rmSync(join(world.requests, "first-copy.yaml"));
  const [source, target] = [join(world.buckets, "persistent/many"), join(world.buckets, "pod-inbox/many")];
  fill(source, of.objects);
  mkdirSync(join(source, "large"));
  for (const [index, size] of of.largeMiB.entries())
    writeFileSync(join(source, "large", `${index}.nc`), Buffer.alloc(size * mebibytes, `large ${index}`));
  writeFileSync(
    join(world.requests, "many.yaml"),
    JSON.stringify({ from: "persistent:many", to: "pod-inbox:many" }),
  );

  const instance = await hub.start();
  const { compute, endpoints, faults, secrets } = instance.farEnds;
  const failure = { kind: "delay", milliseconds: 1500 } as const;
  faults.add({ farEnd: "s3", match: "PUT", times: 1_000_000, failure });
  using away = takeAway(compute, of);
  const runs = await instance.runOnce();
  const { keyId = "", secret = "" } = secrets.s3Keys["pod-inbox"] ?? {};
  const client = new AwsClient({
    accessKeyId: keyId,
    secretAccessKey: secret,
    service: "s3",
    region: "us-east-1",
  });
  const uploads = await (await client.fetch(`${endpoints.s3}/pod-inbox?uploads=`)).text();
  return {
    taken: away.taken(),
    end: runs.findLast(({ title }) => title.includes("transfer many"))?.title,
    told: hub.posts().filter((subject) => subject.startsWith("Transfer")),
    wanted: contents(source),
    arrived: contents(target),
    machines: compute.machines().length,
    disks: readdirSync(world.machines).length,
    openUploads: uploads.split("<Upload>").length - 1,
  };
}
