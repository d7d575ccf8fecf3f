// A fork that is called otherwise than upstream is found all the same: what it has is seen, and written on.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type BumpHarness, bumpHarness, fork, type HubHarness, release, upstream } from "./harness.ts";

let harness: BumpHarness;
beforeAll(async () => {
  harness = await bumpHarness();
});
afterAll(() => harness.close());

const old = "operator/old-name";

test.each([
  [
    "another repository of the account has the name: GitHub gives the fork another one",
    ({ github }: HubHarness) => github.upstream.publish(fork, new Map([["a", Buffer.from("own")]]), "own"),
  ],
  [
    "upstream has got another name: GitHub leads there",
    ({ settings, name, renamed }: HubHarness) => {
      renamed.set(old, upstream);
      Object.assign(settings.hubs[name]?.images ?? {}, { upstream: old });
    },
  ],
])("%s", async (_, happens) => {
  const hub = harness.hub();
  happens(hub);
  await hub.deliver();
  // As before what is remembered, or a run that died once it had proposed.
  const { fork: __, ...forgotten } = (await hub.state()) ?? {};
  await harness.served.plant(`head/images/${hub.name}.json`, JSON.stringify(forgotten));
  for (const tag of ["2024.10.01", "2024.11.01"]) {
    hub.publish(release(tag));
    for (let look = 0; look < 3; look += 1) {
      hub.clock.moveBy(60_000);
      await hub.deliver();
    }
    expect(hub.end()).toMatchObject({
      pulls: [{ number: 1, state: "open", title: `[${hub.name}] Bump images from 2024.01.23 to ${tag}` }],
      told: ["images-proposed/operator/infrastructure/1"],
    });
  }
});
