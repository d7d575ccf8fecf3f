// Tests of who gets in, and of what is refused before anything is read: addresses, sessions, origins, forms, bodies.
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { consoleApp } from "../../../../functions/console/handler.ts";
import { ControlError } from "../../../../shared/control.ts";
import { openConsole, origin, settings, token } from "../harness.ts";

let on: Awaited<ReturnType<typeof openConsole>>;
beforeAll(async () => {
  on = await openConsole({ world: async () => Response.json({}) });
});
afterAll(() => on.close());

const ask = async (path: string, init: RequestInit = {}): Promise<Response> =>
  on.app.fetch(new Request(`${origin}${path}`, init));

/** Opens a session as the page with the form does. */
const open = (fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> =>
  ask("/session", { method: "POST", headers, body: new URLSearchParams(fields) });

async function cookie(): Promise<string> {
  const answer = await open({ token });
  return (answer.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
}

const bearer = { authorization: `Bearer ${token}` };
const formType = "application/x-www-form-urlencoded";

describe("sessions", () => {
  test("without one there is a page that says how to get one", async () => {
    const answer = await ask("/");
    expect(answer.status).toBe(401);
    expect(await answer.text()).toContain("<code>npx groundcrew start</code>");
    const api = await ask("/api/home");
    expect(api.status).toBe(401);
    expect(ControlError.parse(await api.json()).error.next).toContain("npx groundcrew start");
  });

  test("the form with the token opens one, and goes on to the page that was wanted", async () => {
    const answer = await open({ token: ` ${token}\n`, to: "/runs?flow=sync-members" });
    expect(answer.status).toBe(303);
    expect(answer.headers.get("location")).toBe("/runs?flow=sync-members");
    expect(answer.headers.get("set-cookie")).toMatch(
      /^groundcrew-4747=[\w-]+; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    expect(answer.headers.get("set-cookie")).not.toContain(token);
    expect((await ask("/", { headers: { cookie: await cookie() } })).status).toBe(200);
  });

  test("its cookie goes over TLS alone where the console is spoken to by TLS", async () => {
    const served = await openConsole({ access: { token, origin: "https://console.example.org" } });
    const body = new URLSearchParams({ token });
    const answer = await served.app.fetch(
      new Request("https://console.example.org/session", { method: "POST", body }),
    );
    expect(answer.headers.get("set-cookie")).toMatch(
      /^groundcrew-443=[\w-]+; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
    await served.close();
  });

  test.each(["wrong", "", `${token}x`, token.slice(1), token.toUpperCase()])(
    "not with the token %j",
    async (given) => {
      const answer = await open({ token: given });
      expect([answer.status, answer.headers.get("set-cookie")]).toEqual([401, null]);
    },
  );

  test("not by an address that carries the token, which was logged already", async () => {
    const answer = await ask(`/runs?flow=sync-members&token=${token}`);
    expect([answer.status, answer.headers.get("set-cookie")]).toEqual([401, null]);
    const page = await answer.text();
    expect(page).not.toContain(token);
    expect(page).toContain('<input type="hidden" name="to" value="/runs?flow=sync-members">');
  });

  test("the page with the form needs no session, and says nothing of anybody", async () => {
    const answer = await ask("/session");
    expect([answer.status, answer.headers.get("set-cookie")]).toEqual([200, null]);
    expect(await answer.text()).toContain('<form id="sign-in"');
  });

  test.each([
    ["//evil.example.org/", "/"],
    ["/\\evil.example.org/", "/"],
    ["https://evil.example.org/", "/"],
    ["/a\r\nset-cookie: b=c", "/"],
    ["", "/"],
    ["/members/", "/members/"],
  ])("where to go on is a page of ours: %j", async (to, location) => {
    expect((await open({ token, to })).headers.get("location")).toBe(location);
  });

  test("a form of another origin opens none", async () => {
    const answer = await open({ token }, { origin: "http://evil.example.org" });
    expect([answer.status, answer.headers.get("set-cookie")]).toEqual([403, null]);
  });

  test.each(["groundcrew-4747=wrong", "groundcrew-4747=", `groundcrew-4747=${token}`])(
    "the cookie %s opens nothing",
    async (given) => {
      expect((await ask("/", { headers: { cookie: given } })).status).toBe(401);
    },
  );

  test("a console that was given no token lets nobody in", async () => {
    const closed = consoleApp({
      settings,
      ledger: {
        create: () => Promise.reject(new Error("not to be called")),
        read: () => Promise.reject(new Error("not to be called")),
        swap: () => Promise.reject(new Error("not to be called")),
        remove: () => Promise.reject(new Error("not to be called")),
        list: () => Promise.reject(new Error("not to be called")),
        bytes: () => Promise.reject(new Error("not to be called")),
      },
      publish: () => Promise.reject(new Error("not to be called")),
      now: on.clock.now,
      readTab: () => Promise.reject(new Error("not to be called")),
      log: () => undefined,
      access: undefined,
    });
    for (const headers of [
      {},
      { authorization: "Bearer " },
      { authorization: "Bearer undefined" },
      { cookie: "groundcrew-443=" },
    ])
      expect(
        (await closed.fetch(new Request("https://console.example.org/api/home", { headers }))).status,
      ).toBe(401);
  });
});

describe("addresses", () => {
  test.each(["localhost:4747", "127.0.0.1:4748", "evil.example.org", "evil.example.org:4747"])(
    "it does not answer as %s, whoever asks",
    async (host) => {
      const byHeader = await ask("/api/home", { headers: { ...bearer, host } });
      const byAddress = await on.app.fetch(new Request(`http://${host}/`, { headers: bearer }));
      expect([byHeader.status, byAddress.status]).toEqual([403, 403]);
      expect(await byAddress.text()).toContain(origin);
    },
  );

  test("every answer carries the headers", async () => {
    for (const path of ["/", "/api/home", "/assets/style.css", "/nowhere"]) {
      const { headers } = await ask(path, { headers: bearer });
      expect(headers.get("content-security-policy")).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
      );
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("referrer-policy")).toBe("same-origin");
    }
    expect((await ask("/", { headers: bearer })).headers.get("cache-control")).toBe("private, no-store");
  });

  test("files are named by what is in them", async () => {
    const etag = (await ask("/assets/script.js")).headers.get("etag") ?? "";
    expect((await ask("/assets/script.js", { headers: { "if-none-match": etag } })).status).toBe(304);
    expect((await ask("/assets/nothing.js")).status).toBe(404);
  });
});

describe("changes", () => {
  const run = (headers: Record<string, string>, body: string) =>
    ask("/flows/sync-members/run", { method: "POST", headers, body });

  test("only from our own pages, with their mark", async () => {
    const session = await cookie();
    const page = await (await ask("/", { headers: { cookie: session } })).text();
    const csrf = /name="csrf" value="([\w-]+)"/.exec(page)?.[1] ?? "";
    const form = { cookie: session, "content-type": formType };
    const refused = [
      await run(form, ""),
      await run(form, "csrf=wrong"),
      await run(form, `csrf=${token}`),
      await run({ ...form, origin: "http://evil.example.org" }, `csrf=${csrf}`),
      await run({ ...form, origin: "null" }, `csrf=${csrf}`),
      await run({ ...form, origin: "http://127.0.0.1:4748" }, `csrf=${csrf}`),
      await ask("/api/flows/sync-members/run", { method: "POST", headers: { cookie: session } }),
      await ask("/api/flows/sync-members/run", {
        method: "POST",
        headers: { ...bearer, origin: "http://evil.example.org" },
      }),
    ];
    expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403, 403, 403, 403]);
    expect(on.published).toEqual([]);
    const done = await run({ ...form, origin }, `csrf=${csrf}`);
    expect([done.status, on.published.length]).toEqual([303, 1]);
    const fromPage = { cookie: session, "x-groundcrew-form": csrf, origin };
    expect((await ask("/api/flows/sync-members/run", { method: "POST", headers: fromPage })).status).toBe(
      200,
    );
  });

  const json = { ...bearer, "content-type": "application/json" };
  test.each([
    ["a huge body", 413, json, JSON.stringify({ topic: "sheet-changed", payload: "x".repeat(1024 * 1024) })],
    ["a body that is not JSON", 400, json, '{"topic":'],
    ["another content type", 415, { ...bearer, "content-type": "text/plain" }, "{}"],
    ["a form", 415, { ...bearer, "content-type": formType }, "topic=sheet-changed"],
    ["an unknown key", 422, json, '{"topic":"sheet-changed","payload":{},"more":1}'],
  ])("%s is refused with %i, and nothing of the inside shows", async (_, status, headers, body) => {
    const before = on.published.length;
    const answer = await ask("/api/events", { method: "POST", headers, body });
    expect(answer.status).toBe(status);
    const text = JSON.stringify(ControlError.parse(await answer.json()));
    expect(text).not.toMatch(/ at |\.ts|node_modules|\/work|Error/);
    expect(text).not.toContain(token);
    expect(on.published.length).toBe(before);
  });

  test("pages refuse huge and foreign bodies too", async () => {
    const huge = await run({ ...bearer, "content-type": formType }, `x=${"y".repeat(1024 * 1024)}`);
    const foreign = await run({ ...bearer, "content-type": "application/json" }, "{}");
    expect([huge.status, foreign.status]).toEqual([413, 415]);
  });

  test("what goes wrong inside is told without its insides", async () => {
    on.storage.faults.add({
      farEnd: "storage",
      failure: { kind: "status", status: 403, body: "secret-inside" },
    });
    const answer = await ask("/api/home", { headers: bearer });
    expect(answer.status).toBe(500);
    const { error } = ControlError.parse(await answer.json());
    expect(error.what).toBe("the records cannot be read");
    expect(JSON.stringify(error) + JSON.stringify(on.logged)).not.toContain("secret-inside");
    expect((await ask("/api/home", { headers: bearer })).status).toBe(200);
  });
});
