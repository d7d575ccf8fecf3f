// Requests for transfers that lie in a folder: each good file is told, a bad one is said to whoever looks at the log.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { transferRequests } from "../../../local/sample/transfer-requests.ts";
import { sampleSettings } from "./sample-settings.ts";

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "requests-"));
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

function open() {
  const folder = join(parent, "requests");
  const published: Record<string, unknown>[] = [];
  const logged: string[] = [];
  const requests = transferRequests({
    folder,
    settings: sampleSettings(),
    publish: async (payload) => published.push(payload),
    log: (line) => logged.push(line),
  });
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  return { requests, published, logged, write };
}

test("a folder that somebody has taken away is there again, and takes the next request", async () => {
  const { requests, published, write } = open();
  await requests.all();
  expect(published).toEqual([]);
  write("next.yaml", "from: persistent:sea\nto: pod-inbox:sea\n");
  await requests.all();
  expect(published).toMatchObject([
    { v: 1, id: "next", from: "persistent:sea", to: "pod-inbox:sea", why: "edit" },
  ]);
});

test("what is no request is named, and keeps no other from being told", async () => {
  const { requests, published, logged, write } = open();
  write("A Copy.yaml", "from: a:b\nto: c:d\n");
  write("broken.yml", "from: [\n");
  write("list.yaml", "- a\n");
  write("notes.txt", "nothing");
  write("good.yaml", "from: persistent:sea\nto: pod-inbox:sea\n");
  await requests.all();
  expect(published.map(({ id }) => id)).toEqual(["good"]);
  expect(logged.sort()).toEqual([
    "requests/A Copy.yaml: its name is no id: it is 1 to 28 of a-z, 0-9 and -",
    "requests/broken.yml: it is no YAML (line 2): nothing was asked for",
    'requests/list.yaml: it needs two lines, "from: <remote>:<path>" and "to: <remote>:<path>"; a third one may say "mode: update" or "mode: sync"',
  ]);
});
