// A release whose images are not what its commit built: held as one item, shown whole, and proposed once a person says so.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type BumpHarness, bumpHarness, choice, file, release, upstream } from "./harness.ts";

let harness: BumpHarness;
beforeAll(async () => {
  harness = await bumpHarness();
});
afterAll(() => harness.close());

/** A hub whose newest release holds the build before. */
async function heldHub(options: Parameters<BumpHarness["hub"]>[0] = {}) {
  const hub = harness.hub(options);
  hub.publish(release("2024.10.01", "stale"));
  const result = await hub.deliver();
  const [stored] = await hub.plans();
  return { hub, result, stored };
}

describe("a release on hold", () => {
  test("is one item of a plan that is stored whole, with each reference and both digests of each image", async () => {
    const { hub, result, stored } = await heldHub();
    expect(result).toMatchObject({ outcome: "held", plan: { actions: [], hash: stored?.plan.hash } });
    expect(stored).toMatchObject({ hub: hub.name, flow: "bump-image" });
    expect(stored?.plan.held).toEqual([
      {
        do: "bump",
        about: "2024.10.01",
        why: "the files are on 2024.01.23",
        at: `${file}:4,6`,
        moves: [
          `${file} a.kubespawner_override.image: pangeo/pangeo-notebook 2024.01.23 -> 2024.10.01, with its label`,
          `${file} b.image: quay.io/pangeo/ml-notebook 2024.01.23 -> 2024.10.01`,
        ],
        images: [
          expect.stringMatching(
            /^pangeo\/pangeo-notebook: 2024\.10\.01 is sha256:\w{64}, its build \w{7} is sha256:\w{64}$/,
          ),
          expect.stringMatching(/^quay\.io\/pangeo\/ml-notebook: 2024\.10\.01 is sha256:/),
        ],
        because: "its images are not the build of its commit",
        hash: expect.any(String),
      },
    ]);
    const waiting = (await hub.state())?.waiting;
    expect(waiting).toMatchObject({ plan: stored?.plan.hash });
    expect(Object.keys(waiting?.since ?? {})).toEqual(stored?.plan.held.map(({ hash }) => hash));
    expect(hub.notices[0]?.text).toContain(`groundcrew bump approve ${stored?.plan.hash} --hub ${hub.name}`);
  });

  test("approved: proposed with evidence that says so, and asked about no more", async () => {
    const { hub, stored } = await heldHub();
    if (stored === undefined) throw new Error("no plan was stored");
    await hub.say("approved", stored.plan);
    expect(await hub.deliver({ why: "approval" })).toMatchObject({
      outcome: "done",
      plan: { actions: [{ do: "bump", about: "2024.10.01" }], held: [] },
    });
    expect((await hub.state())?.waiting).toBeUndefined();
    const [pull] = hub.github.upstream.pulls(upstream);
    expect(pull?.title).toContain(" to 2024.10.01");
    expect(pull?.body).toMatch(/is \*\*not\*\* shown to be the build.*approved/);
    // The approval has long lost its force: what it let pass is what is proposed.
    hub.clock.moveBy(48 * 3_600_000);
    expect(await hub.deliver()).toMatchObject({ outcome: "done" });
    expect(await hub.state()).toMatchObject({ status: "proposed", proposal: { tag: "2024.10.01" } });
    expect(hub.notices.map(({ key }) => key.split("/")[0])).toEqual(["images-held", "images-proposed"]);
    // Other images under the same tag are another question.
    rmSync(join(hub.folder, "quay.io"), { recursive: true });
    expect(await hub.deliver()).toMatchObject({ outcome: "held" });
    expect(await hub.plans()).toHaveLength(2);
  });

  test("an edit beside the references undoes no approval, one more reference asks anew", async () => {
    const { hub, stored } = await heldHub();
    if (stored === undefined) throw new Error("no plan was stored");
    await hub.say("approved", stored.plan);
    hub.save(`# moved down\n${choice("2024.01.23")}c: 1\n`);
    expect(await hub.deliver()).toMatchObject({ outcome: "done" });
    expect(hub.end().text).toContain("c: 1");
    hub.save(`${choice("2024.01.23")}c:\n  image: pangeo/pangeo-notebook:2024.01.23\n`);
    expect(await hub.deliver()).toMatchObject({ outcome: "held" });
  });

  test("rejected: left alone until the word is taken back", async () => {
    const { hub, stored } = await heldHub();
    if (stored === undefined) throw new Error("no plan was stored");
    await hub.say("rejected", stored.plan);
    expect(await hub.deliver()).toMatchObject({ outcome: "done" });
    expect(await hub.state()).toMatchObject({ status: "ignored" });
    expect(hub.end().pulls).toEqual([]);
    await hub.say("approved", stored.plan);
    await hub.deliver();
    expect(hub.end().pulls).toHaveLength(1);
    expect(hub.notices.map(({ key }) => key.split("/")[0])).toEqual(["images-held", "images-proposed"]);
  });

  test("turned down before: nobody is asked about it once more", async () => {
    const hub = harness.hub();
    await hub.deliver();
    hub.github.upstream.close(upstream, 1);
    rmSync(join(hub.folder, "quay.io"), { recursive: true });
    expect(await hub.deliver()).toMatchObject({
      outcome: "done",
      // A release that was turned down is nothing that could not be understood.
      plan: { actions: [], held: [], refused: [] },
    });
    expect(await hub.plans()).toEqual([]);
  });
});

describe("a plan", () => {
  test("with the flow at plan, asks nobody and stores no plan; apply then asks", async () => {
    const { hub, result, stored } = await heldHub({ mode: "plan" });
    expect(result).toMatchObject({ outcome: "done", plan: { held: [{ about: "2024.10.01" }] } });
    expect([hub.notices, hub.effects, stored]).toEqual([[], [], undefined]);
    expect(await hub.state()).toMatchObject({ status: "held" });
    hub.settings.flows["bump-image"] = "apply";
    await hub.deliver();
    expect(await hub.plans()).toHaveLength(1);
    expect(hub.notices).toHaveLength(1);
  });

  test("is what apply then does", async () => {
    const hub = harness.hub();
    const planned = await hub.deliver({ dryRun: true });
    const applied = await hub.deliver();
    expect("plan" in planned && planned.plan).toEqual("plan" in applied && applied.plan);
    expect(hub.effects).toEqual(["write-branch", "open-pull-request"]);
  });
});
