// Kinds of what stands beside an object's bytes, from and to S3 stores that others wrote: each arrives or is told. Headers are read by a client
// of the test's own.
import { describe, expect, test } from "@jest/globals";
import { besideInGcs, besideInS3, hasFields } from "./beside-kinds.ts";
import { foreignStores } from "./foreign-stores.ts";
import type { S3Remote, TransferHub } from "./transfer-hub.ts";

const { cases, begun } = await foreignStores("test/flows/transfer-foreign-beside.long.ts");

const textOf = (name: string): string => (name.endsWith("/") ? "" : `of ${name}`);

/** Gives the kinds that a plan has told, or that an S3 store or Cloud Storage shows in a folder. */
const readersOf = ({ at, client, fromGcs }: TransferHub) => ({
  told: ({ told }: Awaited<ReturnType<TransferHub["transfer"]>>): string[] => told.map(({ about }) => about),
  async inS3(
    remote: S3Remote,
    folder: string,
    of: readonly (typeof besideInS3 | typeof besideInGcs)[number][],
  ) {
    const kinds = of.map(async ({ kind, name, shows: [header, value] }) => {
      const answer = await client.fetch(at(remote, `${folder}/${name}`), { method: "HEAD" });
      return answer.ok && answer.headers.get(header) === value ? [kind] : [];
    });
    return (await Promise.all(kinds)).flat();
  },
  async inGcs(folder: string) {
    const kinds = besideInGcs.map(async ({ kind, name, resource }) => {
      const answer = await fromGcs("scratch", `${folder}/${name}`);
      return answer.ok && hasFields(JSON.parse(await answer.text()), resource) ? [kind] : [];
    });
    return (await Promise.all(kinds)).flat();
  },
});

(cases.length > 0 ? describe : describe.skip)("foreign stores", () => {
  test.each(cases)("$store, $rclone: of twelve kinds each arrives or is told", async (here) => {
    const hub = await begun(here, ["pod-published"]);
    const { told, inS3, inGcs } = readersOf(hub);
    for (const { name, put } of besideInS3) await hub.put("pod-published", `set/${name}`, textOf(name), put);
    const were = await inS3("pod-published", "set", besideInS3);
    const kept = besideInS3.filter(({ kind }) => !here.drops.some((dropped) => dropped === kind));
    expect(were).toEqual(kept.map(({ kind }) => kind));
    const across = await hub.transfer("across", "pod-published:set", "pod-inbox:set");
    expect([...(await inS3("pod-inbox", "set", besideInS3)), ...told(across)].sort()).toEqual(were.sort());
    const back = await hub.transfer("back", "pod-published:set", "scratch:set");
    expect([...(await inGcs("set")), ...told(back)].sort()).toEqual(were);
  });

  test.each(cases)("$store, $rclone: all kinds of Cloud Storage arrive", async (here) => {
    const hub = await begun(here);
    const { told, inS3, inGcs } = readersOf(hub);
    for (const { name, resource } of besideInGcs) {
      const { size: _, ...said } = resource;
      await hub.putIntoGcs("persistent", { ...said, name: `set/${name}` }, textOf(name));
    }
    const all = besideInGcs.map(({ kind }) => kind);
    const out = await hub.transfer("out", "persistent:set", "pod-inbox:set");
    expect([await inS3("pod-inbox", "set", besideInGcs), told(out)]).toEqual([all, []]);
    const within = await hub.transfer("within", "persistent:set", "scratch:set");
    expect([await inGcs("set"), told(within)]).toEqual([all, []]);
  });
});
