// A tree as nasty as people make them, measured by us and by the system's own `du`: to the byte, folder by folder.
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "@jest/globals";
import { QuotaReport, scanFolder } from "../../../shared/quota/report.ts";
import { walk } from "../../../shared/quota/walk.ts";
import { saySkipped } from "../../skipped.ts";
import { du, quotaTree } from "./tree.ts";

const main = fileURLToPath(new URL("../../../cli/main.ts", import.meta.url));
const now = () => new Date("2026-03-02T08:00:00Z");

const tree = await quotaTree();
const { folder, homes } = tree;
afterAll(() => tree.close());

const ours = (report: QuotaReport) => new Map(report.directories.map(({ name, bytes }) => [name, bytes]));

describe("a walk", () => {
  test("equals du of each folder, byte for byte, and follows no link", () => {
    const expected = du(homes);
    // du, too, follows a link that ends in a slash; here it is no folder.
    expected.delete("a-link-to-a-home");
    const report = QuotaReport.parse(scanFolder(homes, { now }));
    expect([...ours(report)].sort()).toEqual([...expected].sort());
    expect(report.directories.map(({ name }) => name)).toEqual([
      "deep",
      "empty",
      "größe 日本\n\u001b[2J",
      "large",
      "latin-%E9%FF",
      "linked",
      "loops",
      "odd",
      "plain",
      "sparse",
    ]);
    expect(report.problems).toEqual([]);
    expect(report.directories.every(({ complete }) => complete)).toBe(true);
  });

  test("says what is in a folder: entries, the last touch, the largest parts", () => {
    const { directories, ...rest } = scanFolder(homes, { now });
    expect(Object.keys({ ...rest, directories }).sort()).toEqual(
      ["directories", "kind", "measuredAt", "problems", "v", "volume"].sort(),
    );
    expect(rest).toMatchObject({ v: 1, kind: "allocated", measuredAt: "2026-03-02T08:00:00.000Z" });
    const of = (name: string) => directories.find((each) => each.name === name);
    expect(of("plain")).toMatchObject({ entries: 7, lastTouched: "2030-03-17T17:46:40.000Z" });
    expect(of("plain")?.top.map(({ name }) => name)).toEqual(["shared", "data", ".cache", "notes.txt"]);
    expect(of("latin-%E9%FF")?.top[0]?.name).toBe("100%25 %80");
    expect(of("linked")?.bytes).toBeLessThan(600_000);
    expect(of("sparse")?.bytes).toBeLessThan(100_000);
    expect(of("large")?.entries).toBe(5501);
    expect(of("deep")?.entries).toBe(808);
  });

  test("what vanishes or changes its nature meanwhile is reported, and the rest is counted", () => {
    const home = join(folder, "moving", "home");
    for (const name of ["file", "folder", "swapped", "stays"])
      mkdirSync(join(home, name), { recursive: true });
    writeFileSync(join(home, "stays", "data"), Buffer.alloc(20_000, 1));
    const done = new Set<string>();
    const once = (call: string, end: string, path: string, act: () => void) => {
      const key = `${call} ${end}`;
      if (!path.endsWith(end) || done.has(key) || !key.startsWith(call)) return;
      done.add(key);
      act();
    };
    const report = scanFolder(join(folder, "moving"), {
      now,
      before(call, path) {
        if (call === "lstat")
          once(call, "/file", path, () => rmSync(join(home, "file"), { recursive: true }));
        if (call === "read") {
          once(call, "/folder", path, () => rmSync(join(home, "folder"), { recursive: true }));
          once(call, "/swapped", path, () => {
            renameSync(join(home, "swapped"), join(folder, "elsewhere"));
            writeFileSync(join(home, "swapped"), "now a file");
          });
        }
      },
    });
    expect(report.problems).toEqual([
      { name: "home", kind: "vanished", code: "ENOENT", count: 2 },
      { name: "home", kind: "unreadable", code: "ENOTDIR", count: 1 },
    ]);
    const [moved] = report.directories;
    expect(moved?.complete).toBe(false);
    expect(moved?.bytes).toBeGreaterThanOrEqual(20_000);
  });

  test("a home that is gone before it is looked at is a problem, and no home of 0 bytes", () => {
    const base = join(folder, "going");
    mkdirSync(join(base, "left"), { recursive: true });
    mkdirSync(join(base, "stays"));
    const report = scanFolder(base, {
      now,
      before: (call, path) => {
        if (call === "lstat" && path.endsWith("/left"))
          rmSync(join(base, "left"), { recursive: true, force: true });
      },
    });
    expect(report.directories.map(({ name }) => name)).toEqual(["stays"]);
    expect(report.problems).toEqual([{ name: "left", kind: "vanished", code: "ENOENT", count: 1 }]);
  });

  const mounted = statSync("/dev/pts", { throwIfNoEntry: false })?.dev;
  const apart = mounted !== undefined && mounted !== statSync("/dev").dev;
  if (!apart) saySkipped("test/shared/quota/walk.test.ts, another file system", "/dev/pts is none here");
  (apart ? test : test.skip)("another file system below a home is not entered, as du -x does not", () => {
    const walked = walk("/dev");
    expect(walked).toMatchObject({
      bytes: Number(
        /^\d+/.exec(spawnSync("du", ["-s", "--block-size=1", "-x", "/dev"]).stdout.toString())?.[0],
      ),
      complete: true,
      troubles: [{ kind: "other-device", code: "EXDEV" }],
    });
  });
});

describe("the command", () => {
  const run = (args: string[], as: string[] = []) => {
    const line = [
      ...as,
      process.execPath,
      "--disable-warning=ExperimentalWarning",
      main,
      "quota",
      "scan",
      ...args,
    ];
    const [program = "", ...rest] = line;
    const { status, stdout, stderr } = spawnSync(program, rest, { encoding: "utf8", cwd: "/" });
    return { status, stdout, stderr };
  };

  test("prints the report and nothing else on stdout", () => {
    const { status, stdout } = run([homes, "--json"]);
    expect(status).toBe(0);
    expect(ours(QuotaReport.parse(JSON.parse(stdout)))).toEqual(ours(scanFolder(homes, { now })));
  });

  test("shows people a table, largest first, with no control character of a name in it", () => {
    const { stdout } = run([homes]);
    expect(stdout.split("\n")[0]).toMatch(/^deep .* █{24} +808 entries/);
    expect(stdout).not.toContain("\u001b");
  });

  test("ends with 1 where the folder cannot be read", () => {
    const { status, stdout, stderr } = run([join(folder, "missing"), "--json"]);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toMatch(/cannot be read\n {2}why: +there is no such folder/);
  });

  const nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
  const possible =
    process.getuid?.() !== 0 ||
    spawnSync("setpriv", [...nobody.slice(1), process.execPath, "-e", "0"]).status === 0;
  if (!possible)
    saySkipped("test/shared/quota/walk.test.ts, unreadable parts", "root reads all and there is no setpriv");
  (possible ? test : test.skip)("parts that may not be read make a lower bound, and du's bytes", () => {
    const as = process.getuid?.() === 0 ? nobody : [];
    const closed = join(homes, "closed");
    mkdirSync(join(closed, "secret"), { recursive: true });
    mkdirSync(join(closed, "listed"), { recursive: true });
    writeFileSync(join(closed, "secret", "data"), Buffer.alloc(100_000, 1));
    writeFileSync(join(closed, "listed", "data"), Buffer.alloc(100_000, 1));
    writeFileSync(join(closed, "open"), Buffer.alloc(30_000, 1));
    chmodSync(folder, 0o755);
    // Enter without listing; list without entering.
    chmodSync(join(closed, "secret"), 0o711);
    chmodSync(join(closed, "listed"), 0o744);
    if (as.length === 0) chmodSync(join(closed, "secret"), 0o100);
    const { status, stdout } = run([homes, "--json"], as);
    expect(status).toBe(0);
    const report = QuotaReport.parse(JSON.parse(stdout));
    expect(report.problems).toContainEqual({ name: "closed", kind: "unreadable", code: "EACCES", count: 2 });
    expect(report.directories.filter(({ complete }) => !complete).map(({ name }) => name)).toEqual([
      "closed",
    ]);
    expect(ours(report).get("closed")).toBe(du(homes, { as }).get("closed"));
    chmodSync(join(closed, "secret"), 0o755);
    rmSync(closed, { recursive: true });
  });
});
