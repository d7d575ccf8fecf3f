// Which call goes wrong, and how that looks to who made it.
import { afterAll, beforeEach, describe, expect, test } from "@jest/globals";
import { Hono } from "hono";
import { failing, type Served, serveFarEnd } from "../../../local/wire/far-end.ts";
import { type Failure, type Fault, faultStore } from "../../../local/wire/faults.ts";

const down: Failure = { kind: "status", status: 503 };
const fault = (changed: Partial<Fault> = {}): Fault => ({ farEnd: "storage", failure: down, ...changed });

describe("faults that are armed", () => {
  /** The numbers of the calls that were struck, of ten. */
  function struck(faults: Fault[], call = (_: number) => "GET /a", calls = 10): number[] {
    const store = faultStore();
    for (const one of faults) store.add(one);
    return Array.from({ length: calls }, (_, index) => index + 1).filter(
      (n) => store.strike("storage", call(n)) !== undefined,
    );
  }
  const odd = (n: number) => (n % 2 === 1 ? "POST /odd/x" : "GET /even/x");

  test.each<[string, Fault[], number[]]>([
    ["the next call", [fault()], [1]],
    ["the next three", [fault({ times: 3 })], [1, 2, 3]],
    ["the fourth", [fault({ at: 4 })], [4]],
    ["from the fourth, two", [fault({ at: 4, times: 2 })], [4, 5]],
    ["another far end's", [fault({ farEnd: "github" })], []],
    ["two faults, one after the other", [fault(), fault()], [1, 2]],
    ["two places", [fault({ at: 2 }), fault({ at: 5 })], [2, 5]],
    ["none of that kind", [fault({ match: "DELETE" })], []],
  ])("%s", (_, faults, expected) => {
    expect(struck(faults)).toEqual(expected);
  });

  test.each<[string, Fault[], number[]]>([
    ["of those that match, the first", [fault({ match: "GET /even" })], [2]],
    ["of those that match, the third", [fault({ match: "even", at: 3 })], [6]],
    ["of each kind one", [fault({ match: "odd", at: 2 }), fault({ match: "even", at: 2 })], [3, 4]],
    ["the method is a part of it", [fault({ match: "POST", times: 9 })], [1, 3, 5, 7, 9]],
  ])("%s", (_, faults, expected) => {
    expect(struck(faults, odd)).toEqual(expected);
  });

  test("lists what is still to come, forgets what was cleared, counts every call", () => {
    const store = faultStore();
    store.add(fault({ times: 2 }));
    store.add(fault({ at: 7, match: "x" }));
    store.strike("storage", "GET /a");
    expect(store.list()).toEqual([fault({ times: 1 }), fault({ at: 7, match: "x", times: 1 })]);
    store.strike("storage", "GET /a");
    expect(store.list()).toHaveLength(1);
    store.clear();
    expect([store.list(), store.strike("storage", "GET /x")]).toEqual([[], undefined]);
    expect([...store.calls()]).toEqual([
      ["storage GET /a", 2],
      ["storage GET /x", 1],
    ]);
    store.forget();
    expect(store.calls().size).toBe(0);
  });
});

describe("how a failing far end looks", () => {
  const faults = faultStore();
  const body = JSON.stringify({ text: "x".repeat(100_000) });
  let done: string[] = [];
  const app = new Hono();
  app.use(failing("google", faults));
  app.get("/large", (c) => {
    done.push("large");
    return c.body(body, 200, { "content-type": "application/json", etag: "e1" });
  });
  app.post("/none", (c) => {
    done.push("none");
    return c.body(null, 204);
  });
  app.get("/short", (c) => c.text("x", 201));
  const served: Promise<Served> = serveFarEnd(app);
  afterAll(async () => (await served).close());
  beforeEach(() => {
    faults.clear();
    done = [];
  });

  const wires: [string, (path: string, init?: RequestInit) => Promise<Response>][] = [
    ["over a port", async (path, init) => fetch(`${(await served).url}${path}`, init)],
    ["in process", async (path, init) => app.fetch(new Request(`http://google${path}`, init))],
  ];
  const fail = (failure: Failure, changed: Partial<Fault> = {}) =>
    faults.add({ farEnd: "google", failure, ...changed });

  describe.each(wires)("%s", (_, call) => {
    test("all is well", async () => {
      expect(await (await call("/large")).text()).toBe(body);
    });

    test("a status, with its own headers and body, and nothing done", async () => {
      fail({ kind: "status", status: 429, body: "slow down", headers: { "retry-after": "7" } });
      const answer = await call("/large");
      expect([answer.status, answer.headers.get("retry-after"), await answer.text()]).toEqual([
        429,
        "7",
        "slow down",
      ]);
      expect(done).toEqual([]);
      expect((await call("/large")).status).toBe(200);
    });

    test("a delay: late, but whole", async () => {
      fail({ kind: "delay", milliseconds: 60 });
      const begun = performance.now();
      expect(await (await call("/large")).text()).toBe(body);
      expect(performance.now() - begun).toBeGreaterThanOrEqual(55);
    });

    test.each(["/large", "/short"])("a lost answer: done, and the connection dropped (%s)", async (path) => {
      fail({ kind: "lost-answer" });
      await expect(call(path)).rejects.toMatchObject({ name: "TypeError", message: "fetch failed" });
      expect(done).toEqual(path === "/large" ? ["large"] : []);
      expect((await call(path)).ok).toBe(true);
    });

    test("a lost answer of a call without one", async () => {
      fail({ kind: "lost-answer" });
      await expect(call("/none", { method: "POST" })).rejects.toMatchObject({
        name: "TypeError",
        message: "fetch failed",
      });
      expect(done).toEqual(["none"]);
    });

    test("a truncated answer: its head is whole, reading its body fails", async () => {
      fail({ kind: "truncated" });
      const answer = await call("/large");
      expect([answer.status, answer.headers.get("etag")]).toEqual([200, "e1"]);
      await expect(answer.text()).rejects.toThrow();
      expect(done).toEqual(["large"]);
      expect(await (await call("/large")).text()).toBe(body);
    });

    test("a truncated answer of one byte: nothing of it comes", async () => {
      fail({ kind: "truncated" });
      await expect(call("/short").then((answer) => answer.text())).rejects.toThrow();
    });
  });

  test("it counts calls by method and path", async () => {
    faults.forget();
    await fetch(`${(await served).url}/short?token=secret`);
    expect([...faults.calls()]).toEqual([["google GET /short", 1]]);
  });
});
