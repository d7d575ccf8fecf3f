// Which instance gets a request, who waits, who is turned away: the rules of Cloud Run's front end by the movable clock.
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { instances, type Limits } from "../../../local/run/instances.ts";
import { rowOf } from "../../../shared/functions.ts";

const worker: Limits = { instances: 5, concurrency: 1, timeoutSeconds: 60 };

/** A service whose instances listen at once, or when they are told to. */
function harness(limits: Limits, startsBy: "itself" | "hand" = "itself") {
  let time = 0;
  const did: string[] = [];
  const listening: number[] = [];
  const pool = instances(limits, {
    now: () => time,
    start: (id) => {
      did.push(`start ${id}`);
      listening.push(id);
    },
    stop: (id) => did.push(`stop ${id}`),
  });
  const ready = () => {
    for (const id of listening.splice(0)) pool.ready(id);
  };
  return {
    pool,
    did,
    ready,
    ask(name: string): () => void {
      const over = pool.ask({
        begin: (instance) => did.push(`${name} at ${instance}`),
        end: (status) => did.push(`${name} ${status}`),
      });
      if (startsBy === "itself") ready();
      return over;
    },
    /** Time passes, and takes effect at each moment at which it has one. */
    pass(seconds: number) {
      const until = time + seconds * 1000;
      for (let due = pool.nextDue(); due !== undefined && due <= until; due = pool.nextDue()) {
        time = Math.max(time, due);
        pool.look();
        if (startsBy === "itself") ready();
      }
      time = until;
    },
    /** The clock jumps, and nobody was there in between. */
    jump(seconds: number) {
      time += seconds * 1000;
      pool.look();
      if (startsBy === "itself") ready();
    },
  };
}

describe("instances", () => {
  test("the first request starts one, and the next request after it finds it there", () => {
    const on = harness(worker);
    on.ask("a")();
    on.ask("b")();
    expect(on.did).toEqual(["start 1", "a at 1", "b at 1"]);
  });

  test("a request begins when its instance listens, not before", () => {
    const on = harness(worker, "hand");
    on.ask("a");
    expect(on.did).toEqual(["start 1"]);
    on.ready();
    expect(on.did).toEqual(["start 1", "a at 1"]);
  });

  test("while an edit waits until the sheet is quiet, who comes meanwhile begins at once", () => {
    const on = harness(rowOf("sync-members"));
    on.ask("edit");
    for (const name of ["heartbeat", "person", "another hub's edit"]) on.ask(name);
    expect(on.did).toEqual([
      "start 1",
      "edit at 1",
      "heartbeat at 1",
      "person at 1",
      "another hub's edit at 1",
    ]);
    // A wait of two minutes and seven of work are within its limit.
    on.pass(9 * 60 - 1);
    expect(on.did).not.toContain("edit 504");
  });

  test("a door's instance takes forty at once, and a second is not started for the fortieth", () => {
    const on = harness({ instances: 3, concurrency: 40, timeoutSeconds: 30 });
    for (let n = 1; n <= 40; n += 1) on.ask(`${n}`);
    on.pass(5);
    expect(on.pool.count()).toBe(1);
    on.ask("41");
    on.pass(5);
    expect(on.did.slice(-2)).toEqual(["start 2", "41 at 2"]);
  });

  test("load adds one after another, up to the row's number and no further", () => {
    const on = harness(worker);
    for (const name of ["a", "b", "c", "d", "e", "f", "g"]) on.ask(name);
    on.pass(9);
    expect(on.did).toEqual([
      "start 1",
      "a at 1",
      ...["b at 2", "c at 3", "d at 4", "e at 5"].flatMap((begun, at) => [`start ${at + 2}`, begun]),
    ]);
  });

  test("a short queue starts nothing: the one that is there is free again before", () => {
    const on = harness(worker);
    const over = on.ask("a");
    on.ask("b");
    on.pass(4.9);
    over();
    on.pass(9);
    expect(on.did).toEqual(["start 1", "a at 1", "b at 1"]);
  });

  test("none is added while one is still on its way, and nobody is turned away for its slow start", () => {
    const on = harness({ ...worker, instances: 2 }, "hand");
    for (const name of ["a", "b", "c"]) on.ask(name);
    on.pass(60);
    expect(on.did).toEqual(["start 1"]);
    on.ready();
    on.pass(4.9);
    expect(on.did).toEqual(["start 1", "a at 1"]);
    on.pass(0.1);
    on.ready();
    on.pass(5);
    expect(on.did.slice(2)).toEqual(["start 2", "b at 2", "c 429"]);
  });

  test("two idle minutes take one away, a used one stays, and the next request starts anew", () => {
    const on = harness(worker);
    const first = on.ask("a");
    on.ask("b");
    on.pass(5);
    expect(on.pool.count()).toBe(2);
    first();
    on.pass(2 * 60 - 1);
    expect(on.did.slice(-1)).not.toEqual(["stop 1"]);
    on.pass(1);
    expect(on.did).toContain("stop 1");
    on.pass(3600);
    expect(on.pool.count()).toBe(0);
    on.ask("c");
    expect(on.did.slice(-2)).toEqual(["start 3", "c at 3"]);
  });

  test("one beside another is taken away after twenty idle seconds, the first of them stays", () => {
    const on = harness({ ...worker, instances: 3 });
    const over = ["a", "b", "c"].map((name) => {
      const end = on.ask(name);
      on.pass(5);
      return end;
    });
    expect(on.pool.count()).toBe(3);
    over[1]?.();
    on.pass(19.9);
    over[0]?.();
    expect(on.pool.count()).toBe(3);
    on.pass(0.1);
    expect(on.did.slice(-1)).toEqual(["stop 2"]);
    over[2]?.();
    on.pass(20);
    expect(on.did.slice(-1)).toEqual(["stop 3"]);
    on.pass(99);
    expect(on.pool.count()).toBe(1);
    on.pass(1);
    expect(on.did.slice(-1)).toEqual(["stop 1"]);
  });

  test("one that dies ends its requests with 503, and those that wait get another", () => {
    const on = harness({ ...worker, instances: 1 });
    on.ask("a");
    on.ask("b");
    on.pool.gone(1);
    on.ready();
    expect(on.did).toEqual(["start 1", "a at 1", "a 503", "start 2", "b at 2"]);
  });
});

describe("limits", () => {
  test("one that does not listen after four minutes is given up: its requests are answered, and the next finds another", () => {
    const on = harness({ ...worker, instances: 1 }, "hand");
    on.ask("a");
    on.ask("b");
    on.pass(239.999);
    expect(on.did).toEqual(["start 1"]);
    on.pass(0.001);
    expect(on.did).toEqual(["start 1", "stop 1", "a 503", "start 2"]);
    on.ready();
    expect(on.did.slice(4)).toEqual(["b at 2"]);
  });

  test("whoever has waited for ten seconds is answered 429, and the code never runs", () => {
    const on = harness({ ...worker, instances: 1 });
    const over = on.ask("a");
    on.ask("b");
    on.pass(9.999);
    expect(on.did).toEqual(["start 1", "a at 1"]);
    on.pass(0.001);
    over();
    on.pass(60);
    expect(on.did).toEqual(["start 1", "a at 1", "b 429"]);
  });

  test("at the time limit the platform answers 504 and the place is free; what comes later is nobody's", () => {
    const on = harness({ ...worker, instances: 1 });
    const over = on.ask("a");
    on.pass(55);
    on.ask("b");
    on.pass(5);
    expect(on.did).toEqual(["start 1", "a at 1", "b at 1", "a 504"]);
    over();
    on.ask("c");
    expect(on.did.slice(-1)).toEqual(["a 504"]);
  });

  test("the start of an instance does not count towards the time limit", () => {
    const on = harness(worker, "hand");
    on.ask("a");
    on.pass(100);
    on.ready();
    on.pass(59);
    expect(on.did).toEqual(["start 1", "a at 1"]);
  });

  test("a caller who leaves the queue is not served", () => {
    const on = harness({ ...worker, instances: 1 });
    const over = on.ask("a");
    on.ask("b")();
    over();
    expect(on.did).toEqual(["start 1", "a at 1"]);
  });

  test("a clock that jumps by a day ends each request once, and serves those who come then", () => {
    const on = harness({ ...worker, instances: 2 });
    for (const name of ["a", "b", "c", "d"]) on.ask(name);
    on.pass(6);
    on.jump(86_400);
    on.ask("e");
    expect(on.did.slice(4)).toEqual(["c 429", "d 429", "a 504", "b 504", "e at 1"]);
  });
});

const Steps = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant("ask" as const) }),
    fc.record({ do: fc.constant("over" as const), which: fc.nat() }),
    fc.record({ do: fc.constant("pass" as const), seconds: fc.integer({ min: 0, max: 1000 }) }),
    fc.record({ do: fc.constant("jump" as const), seconds: fc.integer({ min: 0, max: 100_000 }) }),
    fc.record({ do: fc.constant("die" as const), which: fc.nat({ max: 20 }) }),
  ),
  { maxLength: 60 },
);

test("whatever happens: never more than the row allows, each request begun once at most and ended once at most", () => {
  fc.assert(
    fc.property(
      Steps,
      fc.record({
        instances: fc.integer({ min: 1, max: 4 }),
        concurrency: fc.integer({ min: 1, max: 3 }),
        timeoutSeconds: fc.integer({ min: 1, max: 600 }),
      }),
      (steps, limits) => {
        const on = harness(limits);
        const asked: (() => void)[] = [];
        for (const step of steps) {
          if (step.do === "ask") asked.push(on.ask(`r${asked.length}`));
          else if (step.do === "over") asked[step.which % Math.max(asked.length, 1)]?.();
          else if (step.do === "pass") on.pass(step.seconds);
          else if (step.do === "jump") on.jump(step.seconds);
          else on.pool.gone(step.which);
          on.ready();
          if (on.pool.count() > limits.instances) return false;
        }
        on.pass(3 * 3600);
        const begun = on.did.filter((did) => / at /.test(did)).map((did) => did.split(" ")[0]);
        const ended = on.did.filter((did) => / (?:429|503|504)$/.test(did)).map((did) => did.split(" ")[0]);
        return (
          new Set(begun).size === begun.length &&
          new Set(ended).size === ended.length &&
          on.pool.count() === 0
        );
      },
    ),
    { numRuns: 300 },
  );
});
