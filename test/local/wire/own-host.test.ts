// Which requests a listener on loopback takes for its own: by the name that was asked for, and by the page that asks.
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { type Asked, type HostRule, turnedAway } from "../../../local/wire/own-host.ts";
import { ownerOf } from "../../../local/wire/peer.ts";

const farEnd: HostRule = { port: 4747, allowHosts: [], hasPages: false };
const console: HostRule = { ...farEnd, hasPages: true };
const forwarded: HostRule = { ...console, allowHosts: ["crew.example.org", "localhost:8080"] };
const ask = (host: string | undefined, more: Partial<Asked> = {}): Asked => ({
  method: "GET",
  target: "/",
  hosts: host === undefined ? [] : [host],
  headers: {},
  ...more,
});
const link = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };

const cases: [string, HostRule, Asked, number][] = [
  ["its address", farEnd, ask("127.0.0.1:4747"), 200],
  ["its name", farEnd, ask("localhost:4747"), 200],
  ["its name in capitals, with a dot", farEnd, ask("LocalHost.:4747"), 200],
  ["its address in IPv6", farEnd, ask("[::1]:4747"), 200],
  ["a forwarded name", forwarded, ask("crew.example.org"), 200],
  ["a forwarded port", forwarded, ask("localhost:8080"), 200],
  ["a forwarded name nobody gave", console, ask("crew.example.org"), 421],
  ["a forwarded name with another port", forwarded, ask("crew.example.org:81"), 421],
  ["a name below a forwarded one", forwarded, ask("evil.crew.example.org"), 421],
  ["no host", farEnd, ask(undefined), 421],
  ["two hosts", farEnd, ask(undefined, { hosts: ["127.0.0.1:4747", "evil.example"] }), 421],
  ["no port, where it is the usual one", { ...console, port: 80 }, ask("127.0.0.1"), 200],
  [
    "its own page at the usual port",
    { ...console, port: 80 },
    ask("localhost", { headers: { origin: "http://localhost" } }),
    200,
  ],
  ["another port", farEnd, ask("127.0.0.1:4748"), 421],
  ["no port", farEnd, ask("127.0.0.1"), 421],
  ["a rebound name", farEnd, ask("evil.example:4747"), 421],
  ["a name that begins like ours", farEnd, ask("127.0.0.1:4747.evil.example"), 421],
  ["another spelling", farEnd, ask("127.1:4747"), 421],
  ["every address", farEnd, ask("0.0.0.0:4747"), 421],
  ["a whole address of another host", farEnd, ask("127.0.0.1:4747", { target: "http://evil.example/" }), 421],
  ["its own page", console, ask("127.0.0.1:4747", { headers: { origin: "http://127.0.0.1:4747" } }), 200],
  [
    "its own page, forwarded over TLS",
    forwarded,
    ask("crew.example.org", { headers: { origin: "https://crew.example.org" } }),
    200,
  ],
  ["another page", console, ask("127.0.0.1:4747", { headers: { origin: "http://evil.example" } }), 403],
  [
    "another port's page",
    console,
    ask("127.0.0.1:4747", { headers: { origin: "http://127.0.0.1:4748" } }),
    403,
  ],
  ["a page without an origin", console, ask("127.0.0.1:4747", { headers: { origin: "null" } }), 403],
  ["an origin that is none", console, ask("127.0.0.1:4747", { headers: { origin: "127.0.0.1:4747" } }), 403],
  [
    "a picture in another page",
    console,
    ask("127.0.0.1:4747", { headers: { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" } }),
    403,
  ],
  [
    "the same of another port",
    console,
    ask("127.0.0.1:4747", { headers: { "sec-fetch-site": "same-site" } }),
    403,
  ],
  ["a link in a mail", console, ask("127.0.0.1:4747", { headers: link }), 200],
  ["a link to a far end", farEnd, ask("127.0.0.1:4747", { headers: link }), 403],
  [
    "a frame in another page",
    console,
    ask("127.0.0.1:4747", { headers: { ...link, "sec-fetch-dest": "iframe" } }),
    403,
  ],
  ["a form of another page", console, ask("127.0.0.1:4747", { method: "POST", headers: link }), 403],
  [
    "an address that was typed",
    farEnd,
    ask("127.0.0.1:4747", { headers: { ...link, "sec-fetch-site": "none" } }),
    200,
  ],
];
test.each(cases)("%s", (_, rule, asked, status) => {
  const turned = turnedAway(asked, rule);
  expect(turned?.status ?? 200).toBe(status);
  if (turned !== undefined) expect(turned.why).toContain("--allow-host");
});

test("no other host is taken for ours, and no refusal repeats it", () => {
  const ours = /^(?:127\.0\.0\.1|localhost\.?|\[::1\]):4747$/i;
  const near = fc
    .tuple(
      fc.constantFrom("127.0.0.1", "localhost", "[::1]", "evil"),
      fc.string(),
      fc.constantFrom(":4747", ":474", ""),
    )
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(fc.oneof(near, fc.string(), fc.domain()), (host) => {
      fc.pre(!ours.test(host));
      const turned = turnedAway(ask(host), farEnd);
      expect(turned?.status).toBe(421);
      if (host.length > 6 && !"127.0.0.1:4747".includes(host)) expect(turned?.why).not.toContain(host);
    }),
  );
});

// As /proc/net/tcp and tcp6 have them: the server's end, the client's, one that its process has closed, one of IPv6.
const list = [
  "   2: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 101 1 0 20 4 30 10 -1",
  "   3: 0100007F:C350 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1000        0 102 1 0 20 4 30 10 -1",
  "   4: 0100007F:C351 0100007F:1F90 04 00000000:00000000 00:00000000 00000000     0        0 0 3 0",
  "   5: 0000000000000000FFFF00000100007F:C352 0000000000000000FFFF00000100007F:1F90 01 00000000:00000000 00:00000000 00000000  1001        0 103 1 0 20 4 30 10 -1",
].join("\n");
test.each([
  [50_000, 8080, 1000],
  [50_001, 8080, undefined],
  [50_002, 8080, 1001],
  [50_003, 8080, undefined],
  [50_000, 8081, undefined],
])("the user of the connection from port %i to %i: %p", (client, server, user) => {
  expect(ownerOf(list, { client, server })).toBe(user);
});
