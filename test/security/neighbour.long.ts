// Another user of the machine beside a sample hub that runs: gets no token, no secret and no file, and runs nothing, not even
// with a token that the hub itself has minted. Needs root, to become somebody else.
import { execFile } from "node:child_process";
import { chmodSync, existsSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import * as z from "zod";
import { takeViolations } from "../../local/wire/called-routes.ts";
import { tellsPeers } from "../../local/wire/peer.ts";
import { functionNames } from "../../shared/functions.ts";
import { saySkipped } from "../skipped.ts";
import { type Ask, type Laptop, laptop, modesBelow } from "./laptop.ts";

const nobody = 65_534;
const root = process.getuid?.() === 0 && tellsPeers;
if (!root) saySkipped("test/security/neighbour.long.ts", "it needs root, on a system that has /proc/net/tcp");

const Said = z.array(z.string());
const Answers = z.object({ asks: Said, files: Said, sockets: Said });
type Orders = { asks?: Ask[]; files?: string[]; sockets?: string[] };

/** Has a process of this user do it, and gives what came of it. */
async function as(uid: number, { asks = [], files = [], sockets = [] }: Orders) {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      "--disable-warning=ExperimentalWarning",
      join(import.meta.dirname, "neighbour.ts"),
      JSON.stringify({ asks, files, sockets }),
    ],
    { uid, gid: uid, cwd: "/", maxBuffer: 2 ** 26 },
  );
  return Answers.parse(JSON.parse(stdout));
}

/** Every TCP port that this process listens on, by the kernel's own list. */
function listening(): number[] {
  const mine = new Set(
    readdirSync("/proc/self/fd").flatMap((name) => {
      try {
        return readlinkSync(`/proc/self/fd/${name}`);
      } catch {
        return [];
      }
    }),
  );
  return readFileSync("/proc/net/tcp", "latin1")
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , , state, , , , , , inode]) => state === "0A" && mine.has(`socket:[${inode}]`))
    .map(([, address = ""]) => Number.parseInt(address.split(":")[1] ?? "", 16));
}

(root ? describe : describe.skip)("another user", () => {
  let on: Laptop;
  beforeAll(async () => {
    on = await laptop();
    // Opens the folders above, so that only the folders' own modes keep others out.
    chmodSync(on.parent, 0o755);
    chmodSync(on.folder, 0o755);
    writeFileSync(join(on.world.mailbox, "20260101-someone.eml"), "To: canary@example.org\n\nhello\n", {
      mode: 0o644,
    });
  });
  afterAll(() => on.close());

  test("gets no token of any identity; the hub's own user does", async () => {
    const asks = on.metadataHosts.map(on.token);
    const before = on.served();
    for (const answer of (await as(nobody, { asks })).asks) {
      expect(answer).toMatch(/^403 Refused: it answers the user who started it/);
      expect(answer).not.toContain("ya29.");
    }
    expect(on.served()).toEqual(before);
    const own = await as(0, { asks });
    expect(own.asks).toHaveLength(functionNames.length);
    for (const answer of own.asks) expect(answer).toMatch(/^200 .*ya29\./);
  });

  test("gets no secret, with a token that would do", async () => {
    const answers = await as(nobody, { asks: on.secretAsks });
    for (const answer of answers.asks) expect(answer).toMatch(/^403 /);
    for (const secret of on.secrets) expect(answers.asks.join()).not.toContain(secret);
  });

  test("makes no machine; nor does the hub's own user, with another script than ours", async () => {
    const asks = [on.insert(on.compute, on.script)];
    const before = on.instance.farEnds.compute.made();
    expect((await as(nobody, { asks })).asks).toEqual([expect.stringMatching(/^403 /)]);
    expect((await as(0, { asks })).asks).toEqual([
      expect.stringMatching(/^400 .*no script but Groundcrew's own/),
    ]);
    expect([on.instance.farEnds.compute.made(), on.instance.farEnds.compute.machines()]).toEqual([
      before,
      [],
    ]);
    expect(existsSync(on.marker)).toBe(false);
  });

  test("gets nothing at any port of the instance without a token, and nothing is published", async () => {
    const pending = on.instance.farEnds.pubsub.pending();
    const ports = listening();
    // The far ends, a metadata server each function, the sample hub's switches.
    expect(ports.length).toBeGreaterThan(functionNames.length + 10);
    const before = on.served();
    const asks = ports.flatMap((port): Ask[] => [
      { url: `http://127.0.0.1:${port}/` },
      { url: `http://127.0.0.1:${port}/sheet-webhook`, method: "POST", body: "{}" },
    ]);
    const { asks: answers } = await as(nobody, { asks });
    // Pub/Sub's port speaks HTTP/2 only.
    for (const answer of answers) expect(answer).toMatch(/^(?:4\d\d |501 |error )/);
    takeViolations();
    expect(on.instance.farEnds.pubsub.pending()).toBe(pending);
    expect(on.served()).toEqual(before);
  });

  test("reaches no function where it listens, past the check of tokens", async () => {
    const folder = readFileSync(on.world.sockets, "utf8");
    const sockets = readdirSync(folder).map((name) => join(folder, name));
    expect(sockets.filter((path) => /console-\d+\.sock$/.test(path))).toHaveLength(1);
    expect(new Set((await as(nobody, { sockets })).sockets)).toEqual(new Set(["error EACCES"]));
    expect(new Set((await as(0, { sockets })).sockets)).toEqual(new Set(["connected"]));
  });

  test("meets the console's own door, and no further", async () => {
    const { origin, token } = on.instance;
    const asks = ["/", "/api/home", "/?token=wrong", "/api/world"].map((path) => ({
      url: `${origin}${path}`,
    }));
    const { asks: answers } = await as(nobody, { asks });
    expect(answers.map((answer) => answer.slice(0, 3))).toEqual(["401", "401", "401", "401"]);
    expect(answers.join()).not.toContain(token);
  });

  test("is let in by no session of a browser, which shows its cookies to every port of the machine", async () => {
    const { origin, token } = on.instance;
    const opened = await fetch(`${origin}/session`, {
      method: "POST",
      headers: { origin },
      body: new URLSearchParams({ token }),
      redirect: "manual",
    });
    const [cookie = ""] = (opened.headers.get("set-cookie") ?? "").split(";");
    const asks = [{ url: `${origin}/api/home`, headers: { cookie } }];
    expect((await as(nobody, { asks })).asks).toEqual([expect.stringMatching(/^401 /)]);
    expect((await as(0, { asks })).asks).toEqual([expect.stringMatching(/^200 /)]);
  });

  test("reads no file of the hub's own, and no mail", async () => {
    const files = [...modesBelow(on.world.own), ...modesBelow(on.world.mailbox)]
      .filter(({ isFolder }) => !isFolder)
      .map(({ path }) => path);
    expect(files).toContain(on.world.state);
    expect(files.length).toBeGreaterThan(10);
    const { files: read } = await as(nobody, { files });
    expect(new Set(read)).toEqual(new Set(["error EACCES"]));
    expect((await as(0, { files: [on.world.people] })).files).toEqual([
      readFileSync(on.world.people, "latin1"),
    ]);
  });
});
