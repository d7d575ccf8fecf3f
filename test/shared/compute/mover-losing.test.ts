// The mover where objects of the target are replaced or deleted: just those that the plan has named, as it has named them.
import { existsSync, readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect } from "@jest/globals";
import type { Moving } from "../../../shared/transfers/mover.ts";
import { hurried, type Kind, md5Of, moverHarness, testWithPython } from "./mover-harness.ts";

const test = testWithPython("test/shared/compute/mover-losing.test.ts");

let world: Awaited<ReturnType<typeof moverHarness>>;
beforeEach(async () => {
  world = await moverHarness(hurried, ["target"]);
});
afterEach(() => world.close());

const put = (kind: Kind, name: string, text: string, end: "source" | "target" = "source") =>
  kind === "gcs" ? world.putGcs(name, text, {}, end) : world.putS3(name, text, {}, end);

/** Words of a listing on an object of these bytes. */
const listed = (kind: Kind, name: string, text: string) => {
  const sum = kind === "gcs" ? { md5: md5Of(text) } : { etag: md5Of(text) };
  return { name, size: Buffer.byteLength(text), ...sum };
};
const large = "x".repeat(9 * 1024 * 1024);

describe.each<Kind>(["gcs", "s3"])("at a target in %s", (kind) => {
  const content = (name: string) => {
    const file = world.folder(kind, "target", name);
    return existsSync(file) ? readFileSync(file, "utf8") : undefined;
  };
  const replacing = (name: string, text: string, old: string): Moving => ({
    ...listed("gcs", name, text),
    replace: listed(kind, name, old),
  });
  const deleting = (name: string, old: string): Moving => ({
    ...{ name, size: 0 },
    delete: listed(kind, name, old),
  });

  test("what the plan has named is replaced or deleted, and whatever else is there by now is left alone", async () => {
    for (const [name, text] of [
      ["old", "new bytes"],
      ["large", large],
      ["changed", "new bytes"],
      ["vanished", "new bytes"],
      ["done", "new bytes"],
    ] as const)
      await put("gcs", name, text);
    for (const [name, text] of [
      ["old", "old bytes"],
      ["large", "old bytes"],
      ["changed", "SOMEBODYS"],
      ["done", "new bytes"],
      ["more", "old bytes"],
      ["more changed", "SOMEBODYS"],
      ["kept", "nobody asked"],
    ] as const)
      await put(kind, name, text, "target");
    const { code, results } = await world.move(
      ["gcs", kind],
      [
        replacing("old", "new bytes", "old bytes"),
        replacing("large", large, "old bytes"),
        replacing("changed", "new bytes", "old bytes"),
        replacing("vanished", "new bytes", "old bytes"),
        replacing("done", "new bytes", "old bytes"),
        deleting("more", "old bytes"),
        deleting("more changed", "old bytes"),
        deleting("gone", "old bytes"),
      ],
    );
    const changed = { state: "failed", cause: "changed" };
    const md5 = md5Of("new bytes");
    expect(results).toEqual({
      old: { state: "copied", md5 },
      large: { state: "copied", md5: md5Of(large) },
      changed,
      vanished: { state: "copied", md5 },
      done: { state: "there", md5 },
      more: { state: "deleted" },
      "more changed": changed,
      gone: { state: "gone" },
    });
    expect(code).toBe(1);
    const names = ["old", "changed", "vanished", "done", "more", "more changed", "kept"];
    expect(names.map(content)).toEqual([
      ...["new bytes", "SOMEBODYS", "new bytes", "new bytes"],
      ...[undefined, "SOMEBODYS", "nobody asked"],
    ]);
    expect(content("large")).toBe(large);
  });

  test("who writes between the look and the write keeps what he wrote", async () => {
    await put("gcs", "old", "new bytes");
    await put(kind, "old", "old bytes", "target");
    await put(kind, "more", "old bytes", "target");
    const met = new Set<string>();
    world.fronts[kind] = async (request, on) => {
      const path = decodeURIComponent(new URL(request.url).search + new URL(request.url).pathname);
      const name = ["old", "more"].find((one) => path.endsWith(`/${one}`) || path.includes(`name=${one}`));
      const isOurs = request.headers.get("user-agent")?.startsWith("groundcrew-mover") === true;
      const isWrite = !["GET", "HEAD"].includes(request.method);
      if (name !== undefined && isOurs && isWrite && !met.has(name)) {
        met.add(name);
        await put(kind, name, "SOMEBODYS", "target");
      }
      return on(request);
    };
    const { results } = await world.move(
      ["gcs", kind],
      [replacing("old", "new bytes", "old bytes"), deleting("more", "old bytes")],
    );
    expect([...met].sort()).toEqual(["more", "old"]);
    expect(Object.values(results)).toEqual([
      { state: "failed", cause: "changed" },
      { state: "failed", cause: "changed" },
    ]);
    expect(["old", "more"].map(content)).toEqual(["SOMEBODYS", "SOMEBODYS"]);
  });
});
