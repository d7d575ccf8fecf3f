// The life of an incident: opened, seen again, told, closed; and what costs no writing.
import { beforeEach, describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { Incidents } from "../../../shared/flow/incident-records.ts";
import {
  acknowledged,
  closed,
  due,
  isOpen,
  mostOpen,
  noIncidents,
  openIn,
  resolved,
  saw,
  succeeded,
  toTell,
  understood,
  withoutUnserved,
} from "../../../shared/flow/incidents.ts";
import { sightOf } from "./incident-samples.ts";

const key = "sync-members/github-suspended";
const start = Date.parse("2026-11-21T08:00:00.000Z");
const at = (minutes: number) => new Date(start + minutes * 60_000);
const day = 24 * 60;
let state: Incidents;
beforeEach(() => {
  state = noIncidents;
});

const see = (minutes: number, more: Parameters<typeof sightOf>[0] = {}) => {
  state = saw(state, sightOf(more), at(minutes));
};
const well = (minutes: number, more: Partial<Parameters<typeof succeeded>[1]> = {}) => {
  const run = { worker: "sync-members", needs: ["sheets", "github"], began: at(minutes), ...more };
  state = succeeded(state, run, at(minutes));
};
const tick = (minutes: number) => {
  state = due(state, at(minutes));
};
/** Lists what is told at that minute for the first time: how often before, or that it is over. */
const told = (minutes: number) =>
  toTell(state, at(minutes))
    .filter(({ incident, over }) => (over ? incident.overAt : incident.toldAt) === at(minutes).toISOString())
    .map(({ incident, over }) => (over ? "over" : incident.told));
const keys = () => openIn(state).map((each) => each.key);

describe("told", () => {
  test.each<[string, Parameters<typeof sightOf>[0], number]>([
    ["what only a person mends: at once", { lasting: true }, 0],
    ["what time may mend: when it has lasted for an hour", { lasting: false, kind: "failed" }, 60],
  ])("%s, once a day while it stands, once when it is over", (_, more, first) => {
    const tellings: unknown[] = [];
    for (let minutes = 0; minutes <= first + 2 * day + 60; minutes += 15) {
      see(minutes, more);
      tellings.push(...told(minutes).map((time) => [minutes, time]));
    }
    expect(tellings).toEqual([
      [first, 1],
      [first + day, 2],
      [first + 2 * day, 3],
    ]);
    const end = first + 2 * day + 75;
    well(end);
    for (const minutes of [end, end + 9]) {
      tick(minutes);
      expect(told(minutes)).toEqual([]);
    }
    tick(end + 10);
    expect(told(end + 10)).toEqual(["over"]);
    tick(end + 20);
    expect(told(end + 20)).toEqual([]);
  });

  test("an hour that nobody meets it in is counted by the tick alone", () => {
    see(0, { lasting: false });
    tick(59);
    expect(told(59)).toEqual([]);
    tick(60);
    expect(told(60)).toEqual([1]);
  });

  test("what was over within the hour is told to nobody, nor that it is over", () => {
    see(0, { lasting: false });
    well(30);
    tick(90);
    expect(toTell(state, at(90))).toEqual([]);
  });

  test("what the flow has told itself is told a day later, and that it is over", () => {
    see(0, { toldByFlow: true });
    expect(toTell(state, at(0))).toEqual([]);
    see(day - 1, { toldByFlow: true });
    expect(toTell(state, at(day - 1))).toEqual([]);
    see(day, { toldByFlow: true });
    expect(told(day)).toEqual([1]);
    well(day + 1);
    tick(day + 11);
    expect(told(day + 11)).toEqual(["over"]);
  });

  test("what nobody may be told is listed, and told to nobody; once somebody may, they are", () => {
    see(0, { reach: "nobody" });
    tick(day);
    expect([keys(), toTell(state, at(day))]).toEqual([[key], []]);
    see(day + 1, { reach: "mail" });
    expect(told(day + 1)).toEqual([1]);
    expect(state.incidents[key]?.reach).toBe("mail");
  });

  test("time did not mend it: told at once", () => {
    see(0, { lasting: false, kind: "failed" });
    see(20, { lasting: true });
    expect([told(20), state.incidents[key]?.kind]).toEqual([[1], "undelivered"]);
  });

  test("whoever died before publishing finds it again for a while, under the same number", () => {
    see(0);
    expect(toTell(state, at(24)).map(({ incident }) => incident.told)).toEqual([1]);
    expect(toTell(state, at(25))).toEqual([]);
  });

  test("acknowledged: nobody is reminded for a week, then again; that it is over is told all the same", () => {
    see(0);
    state = acknowledged(state, key, "console", at(5)) ?? state;
    for (const minutes of [day, 6 * day]) see(minutes);
    expect(state.incidents[key]).toMatchObject({ told: 1, acknowledged: { by: "console" } });
    see(7 * day + 5);
    expect(told(7 * day + 5)).toEqual([2]);
    well(7 * day + 6);
    tick(7 * day + 16);
    expect(told(7 * day + 16)).toEqual(["over"]);
  });
});

describe("closed", () => {
  test("by the next good run, and not by one that began before it was last seen", () => {
    see(10);
    well(20, { began: at(9) });
    expect(keys()).toEqual([key]);
    well(21);
    expect(keys()).toEqual([]);
  });

  test("by a run that used what had failed, and by no other", () => {
    see(0, { flow: "send-notice", worker: "send-notice", cause: "gmail-500", needs: ["gmail"] });
    well(1, { worker: "send-notice", needs: ["slack"] });
    expect(keys()).toEqual(["send-notice/gmail-500"]);
    well(2, { worker: "send-notice", needs: ["gmail", "google-sign-in"] });
    expect(keys()).toEqual([]);
  });

  test("of two functions of a flow each leaves by itself", () => {
    see(0);
    see(1, { worker: "renew-watch" });
    well(2);
    expect(keys()).toEqual([key]);
    well(3, { worker: "renew-watch" });
    expect(keys()).toEqual([]);
  });

  test("not while an event waits under Undelivered, unless nothing of its cause waits any more", () => {
    see(0, { waits: true });
    well(1);
    expect(keys()).toEqual([key]);
    state = resolved(state, new Set([key]), at(2));
    expect(keys()).toEqual([key]);
    state = resolved(state, new Set(), at(3));
    expect(keys()).toEqual([]);
  });

  test("nothing waits any more, but it still fails: it stands", () => {
    see(0, { waits: true });
    state = resolved(state, new Set(), at(1));
    expect(keys()).toEqual([key]);
    well(2);
    expect(keys()).toEqual([]);
  });

  test("what comes again within ten minutes was never over; later it is another one, told anew", () => {
    see(0);
    well(5);
    see(14);
    expect([keys(), told(14), state.incidents[key]?.opened]).toEqual([[key], [], at(0).toISOString()]);
    well(20);
    tick(30);
    see(31);
    expect([told(31), state.incidents[key]?.opened]).toEqual([[1], at(31).toISOString()]);
  });

  test("by a person; what is not open is not there for them", () => {
    see(0, { waits: true });
    state = closed(state, key, at(1)) ?? state;
    expect(keys()).toEqual([]);
    expect([closed(state, key, at(2)), acknowledged(state, key, "console", at(2))]).toEqual([
      undefined,
      undefined,
    ]);
    expect(closed(state, "constructor", at(2))).toBeUndefined();
  });

  test("what could not be used, by the run of that function that understands it all, and nothing else by that", () => {
    see(0);
    see(0, { cause: "refused", kind: "refused" });
    see(0, { flow: "scan-quotas", worker: "scan-quotas", cause: "refused", kind: "refused" });
    state = understood(state, "sync-members", at(1));
    expect(keys().sort()).toEqual(["scan-quotas/refused", key]);
  });

  test("with the flow that is switched off, without a word", () => {
    see(0);
    state = withoutUnserved(state, (worker) => worker !== "sync-members", at(1));
    tick(20);
    expect([keys(), toTell(state, at(20))]).toEqual([[], []]);
  });

  test("is shown for a week, and goes with the next writing", () => {
    see(0);
    well(1);
    see(7 * day, { cause: "other" });
    expect(Object.keys(state.incidents)).toHaveLength(2);
    see(7 * day + 1, { cause: "another" });
    expect(Object.keys(state.incidents).sort()).toEqual(["sync-members/another", "sync-members/other"]);
  });
});

test("what only a person mends stands first, then the oldest; of one time as they came", () => {
  for (const [minutes, cause, lasting] of [
    [5, "e", true],
    [0, "d", false],
    [1, "a", true],
    [3, "c", true],
    [3, "b", true],
  ] as const)
    see(minutes, { cause, lasting });
  expect(keys()).toEqual(["a", "c", "b", "e", "d"].map((cause) => `sync-members/${cause}`));
});

test("of those that are over the last hundred are kept, by when they were over", () => {
  for (let n = 0; n < 103; n += 1) {
    see(0, { cause: `${n}` });
    state = closed(state, `sync-members/${n}`, at(1000 - n)) ?? state;
  }
  const kept = Array.from({ length: 100 }, (_, n) => `sync-members/${n}`);
  expect(Object.keys(state.incidents)).toEqual(kept);
});

describe("costs no writing", () => {
  const same = (change: () => void): boolean => {
    const before = state;
    change();
    return state === before;
  };

  test("what is seen again within ten minutes", () => {
    see(0);
    expect([1, 5, 9].map((minutes) => same(() => see(minutes)))).toEqual([true, true, true]);
    expect(same(() => see(10))).toBe(false);
    expect(state.incidents[key]).toMatchObject({ opened: at(0).toISOString(), seen: at(10).toISOString() });
  });

  test("a good run where nothing stands; of what is looked at by the clock, ten minutes or a tenth of its time", () => {
    expect(same(() => well(0))).toBe(true);
    well(1, { everyMinutes: 15 });
    expect(state.good).toEqual({ "sync-members": at(1).toISOString() });
    expect(same(() => well(10, { everyMinutes: 15 }))).toBe(true);
    expect(same(() => well(11, { everyMinutes: 15 }))).toBe(false);
    expect(same(() => well(11 + 143, { everyMinutes: day }))).toBe(true);
    expect(same(() => well(11 + 144, { everyMinutes: day }))).toBe(false);
  });

  test("a tick on which nothing is to be told", () => {
    see(0);
    expect(same(() => tick(10))).toBe(true);
  });
});

test("a hub has at most so many open ones; whatever is more is one of its flow", () => {
  for (let n = 0; n < mostOpen + 20; n += 1) see(n / 100, { cause: `cause-${n}` });
  expect([openIn(state).length, Object.hasOwn(state.incidents, "sync-members/more")]).toEqual([
    mostOpen + 1,
    true,
  ]);
});

test("whatever happens, in whatever order: the state fits its schema, what is open was seen, and once all is well nothing stands", () => {
  const step = fc.record({
    do: fc.constantFrom("see", "well", "tick", "acknowledge", "resolve"),
    minutes: fc.integer({ min: 0, max: 3 * day }),
    worker: fc.constantFrom("sync-members", "renew-watch"),
    lasting: fc.boolean(),
    waits: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      state = noIncidents;
      for (const { do: what, minutes, worker, lasting, waits } of steps) {
        if (what === "see") see(minutes, { worker, lasting, waits });
        else if (what === "well") well(minutes, { worker });
        else if (what === "tick") tick(minutes);
        else if (what === "acknowledge") state = acknowledged(state, key, "console", at(minutes)) ?? state;
        else state = resolved(state, new Set(), at(minutes));
        expect(Incidents.safeParse(state).success).toBe(true);
        for (const { workers, waits: left } of Object.values(state.incidents).filter(isOpen))
          expect(workers.length > 0 || left).toBe(true);
      }
      state = resolved(state, new Set(), at(4 * day));
      for (const worker of ["sync-members", "renew-watch"]) well(4 * day, { worker });
      expect(keys()).toEqual([]);
    }),
  );
});
