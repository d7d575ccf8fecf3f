// Cloud Run's front end before the functions as they run: what it lets through and what the code then gets, what it answers by
// itself and in whose words, and that behind it nothing listens where others could come.
import { readdirSync, statSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { addressOf, audiencesOf } from "../../../local/run/addresses.ts";
import { stoppedClock } from "../../../local/wire/movable-clock.ts";
import { identityOf, pushIdentity } from "../../../shared/functions.ts";
import { type House, headOf, house, type Said, say } from "../../security/house.ts";

let on: House;
let front: Awaited<ReturnType<House["behind"]>>;
let port: number;
const clock = stoppedClock(new Date("2026-11-28T10:00:00Z"));
beforeAll(async () => {
  on = await house();
  front = await on.behind(clock);
  port = Number(new URL(front.urlOf("console")).port);
});
afterAll(() => on.close());
beforeEach(() => {
  on.logged.length = 0;
});

const project = "sample-hub";
const push = (id: string): string =>
  JSON.stringify({
    message: { messageId: id, data: Buffer.from('{"v":1}').toString("base64") },
    subscription: "projects/sample-hub/subscriptions/resume-work",
    deliveryAttempt: 1,
  });
const tokenFor = (audience: string, email = pushIdentity(project)): string =>
  `Bearer ${on.issuer.tokenFor(email, audience)}`;

function send(
  headers: Record<string, string | string[]>,
  { path = "/resume-work", body = push("1") } = {},
): Promise<Said> {
  const length = `${Buffer.byteLength(body)}`;
  const host = `127.0.0.1:${port}`;
  return say(port, headOf(`POST ${path}`, { host, "content-length": length, ...headers }), body);
}

/** Google's page with this title and these words. */
const page = (status: number, title: string, words: string): string => `
<html><head>
<meta http-equiv="content-type" content="text/html;charset=utf-8">
<title>${status} ${title}</title>
</head>
<body text=#000000 bgcolor=#ffffff>
<h1>Error: ${title}</h1>
<h2>${words}</h2>
<h2></h2>
</body></html>
`;
const forbidden = (path: string) =>
  page(
    403,
    "Forbidden",
    `Your client does not have permission to get URL <code>${path}</code> from this server.`,
  );
const unauthorized = (path: string) =>
  page(
    401,
    "Unauthorized",
    `Your client does not have permission to the requested URL <code>${path}</code>.`,
  );
const bad = page(400, "Bad Request", "Your client has issued a malformed or illegal request.");

describe("a push", () => {
  test("with a token for its address is let through, and the worker takes it", async () => {
    const answer = await send({ authorization: tokenFor(addressOf("resume-work")) });
    expect([answer.status, answer.body]).toEqual([204, ""]);
  });

  test("with a token for another address of it passes the platform, and the worker itself wants its own", async () => {
    for (const audience of audiencesOf("resume-work", project).slice(1)) {
      const answer = await send({ authorization: tokenFor(audience) });
      expect([audience, answer.status, answer.body]).toEqual([audience, 401, "unauthenticated"]);
    }
  });

  test("beside another header that the platform checks instead is none: whoever sends it made it up", async () => {
    const good = tokenFor(addressOf("resume-work"));
    for (const authorization of [good, marked(good)]) {
      const answer = await send({ authorization, "x-serverless-authorization": good });
      expect([answer.status, answer.body]).toEqual([401, "unauthenticated"]);
    }
  });

  test("at each of its hosts reaches the same service, with its own path", async () => {
    const [first = "", second = "", third = ""] = audiencesOf("resume-work", project);
    const authorization = tokenFor(first);
    for (const [host, path] of [
      [new URL(first).host, "/"],
      [new URL(second).host, "/"],
      [new URL(third).host, "/resume-work"],
    ] as const) {
      const answer = await send({ host, authorization }, { path, body: push(`at-${host.length}`) });
      expect([host, answer.status]).toEqual([host, 204]);
    }
  });

  test("for a service that is not there is 404", async () => {
    const authorization = tokenFor(addressOf("resume-work"));
    for (const path of ["/no-such", "/"]) expect((await send({ authorization }, { path })).status).toBe(404);
    for (const host of ["no-such-415104041262.us-central1.run.app", "resume-work-1.us-central1.run.app"])
      expect((await send({ host, authorization }, { path: "/" })).status).toBe(421);
  });
});

describe("refused by the platform, in its words, and the code never hears of it", () => {
  const audience = addressOf("resume-work");
  test.each<[string, () => Record<string, string | string[]>, number, string]>([
    ["no token", () => ({}), 403, forbidden("/")],
    [
      "a token of somebody who may not invoke it",
      () => ({ authorization: tokenFor(audience, identityOf("console", project)) }),
      403,
      forbidden("/"),
    ],
    [
      "a token for another service",
      () => ({ authorization: tokenFor(addressOf("send-notice")) }),
      401,
      unauthorized("/"),
    ],
    [
      "the marker, brought along",
      () => ({ authorization: marked(tokenFor(audience)) }),
      401,
      unauthorized("/"),
    ],
    ["a password", () => ({ authorization: "Basic dTpw" }), 401, unauthorized("/")],
    [
      "two authorization headers",
      () => ({ authorization: [tokenFor(audience), tokenFor(audience)] }),
      400,
      bad,
    ],
    [
      "two authorization headers, the marker second",
      () => ({ authorization: [tokenFor(audience), marked(tokenFor(audience))] }),
      400,
      bad,
    ],
    [
      "two of the other header",
      () => ({ "x-serverless-authorization": [tokenFor(audience), tokenFor(audience)] }),
      400,
      bad,
    ],
    [
      "a good token beside a bad one in the header that counts",
      () => ({ authorization: tokenFor(audience), "x-serverless-authorization": "Bearer a.b.c" }),
      401,
      unauthorized("/"),
    ],
  ])("%s", async (_, headers, status, body) => {
    const answer = await send(headers());
    expect([answer.status, answer.body]).toEqual([status, body]);
    expect(
      on.logged.map((line) => JSON.parse(line)).filter((line) => line.httpRequest === undefined),
    ).toEqual([]);
  });

  test("a path is shown harmless, and without its query", async () => {
    const answer = await send({}, { path: "/resume-work/<script>?token=canary" });
    expect(answer.body).toBe(forbidden("/&#60;script&#62;"));
  });

  test("two authorization headers at a door, too", async () => {
    const answer = await send({ authorization: ["Bearer a", "Bearer b"] }, { path: "/github-webhook" });
    expect([answer.status, answer.body]).toEqual([400, bad]);
  });
});

const marked = (authorization: string): string =>
  [...authorization.split(".").slice(0, 2), "SIGNATURE_REMOVED_BY_GOOGLE"].join(".");

test("behind it a function listens on a socket, where nobody else may enter", async () => {
  await send({ authorization: tokenFor(addressOf("resume-work")) }, { body: push("9") });
  expect(statSync(front.folder).mode & 0o777).toBe(0o700);
  expect(readdirSync(front.folder).filter((name) => /^resume-work-\d+\.sock$/.test(name))).toHaveLength(1);
});

test("an instance that was idle for two minutes is taken away, and the next request gets another", async () => {
  const authorization = tokenFor(addressOf("resume-work"));
  expect((await send({ authorization }, { body: push("10") })).status).toBe(204);
  clock.moveBy(2 * 60_000);
  expect((await send({ authorization }, { body: push("11") })).status).toBe(204);
  expect(readdirSync(front.folder)).toContain("resume-work-2.sock");
});

test("each request leaves the line that Cloud Logging would have", async () => {
  await send({ "user-agent": "canary" }, { path: "/resume-work/?a=b" });
  const [line = ""] = on.logged;
  expect(JSON.parse(line)).toEqual({
    severity: "WARNING",
    logName: "projects/sample-hub/logs/run.googleapis.com%2Frequests",
    resource: { type: "cloud_run_revision", labels: { service_name: "resume-work" } },
    timestamp: expect.stringMatching(/Z$/),
    httpRequest: {
      requestMethod: "POST",
      requestUrl: `http://127.0.0.1:${port}/resume-work/?a=b`,
      status: 403,
      latency: expect.stringMatching(/^\d+\.\d{6}s$/),
      remoteIp: "127.0.0.1",
      userAgent: "canary",
    },
  });
});
