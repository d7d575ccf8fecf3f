// Lines of the console on what transfers need, by each hub's last look.
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { transferChecks } from "../../../../functions/console/transfers/checks.ts";
import { settingsOf } from "../../../local/sample/sample-settings.ts";
import { ledgerHarness } from "../../../shared/ledger-harness.ts";

const transfers = { remotes: {}, prices: { asOf: "2026-11-01" } } as const;
const settings = settingsOf({
  flows: { "run-transfer": "plan" },
  hubs: { prod: { transfers }, quiet: {}, test: { transfers } },
});
const now = () => new Date("2026-11-29T12:00:00Z");

let hub: Awaited<ReturnType<typeof ledgerHarness>>;
beforeAll(async () => {
  hub = await ledgerHarness();
});
beforeEach(async () => {
  for (const name of await hub.names("")) await hub.operator.file(name).delete();
});
afterAll(() => hub.close());

const lines = async (of = settings) =>
  (await transferChecks({ ledger: await hub.ledgerOf("console"), settings: of, now })).map(
    ({ what, state, says }) => `${state} ${what}: ${says}`,
  );
const plant = (at: string) =>
  hub.plant(
    "head/transfer-check/prod.json",
    JSON.stringify({
      v: 1,
      at,
      lines: [
        { about: "remote pod", state: "fail", says: "no", next: "mend it" },
        { about: "rclone", state: "ok", says: "yes" },
      ],
    }),
  );

test("each hub with transfers has its lines, with the day of the look; one without a look says so", async () => {
  await plant("2026-11-29T05:30:00.000Z");
  expect(await lines()).toEqual([
    "fail transfers of prod: remote pod: no (looked at on 2026-11-29)",
    "ok transfers of prod: rclone: yes (looked at on 2026-11-29)",
    "unchecked transfers of test: nobody has looked yet: the schedule transfer-check does, once a day",
  ]);
});

test("a look that is days old is said to be", async () => {
  await plant("2026-11-27T11:59:00.000Z");
  expect((await lines())[0]).toBe("warn transfers of prod: looked at on 2026-11-27, and not since");
});

test("a flow that is off needs nothing", async () => {
  expect(await lines({ ...settings, flows: { ...settings.flows, "run-transfer": "off" } })).toEqual([]);
});
