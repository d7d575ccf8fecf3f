// probe
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { operatorIdentity } from "../../local/identity.ts";
import { fill } from "../flows/transfer-tree.ts";
import { project, servedStorage } from "../local/storage-served.ts";
import { gcloudEnv, run } from "./programs.ts";

test("x", async () => {
  const served = await servedStorage();
  fill(join(served.folder, "remote"), 30);
  const token = join(served.folder, "token");
  writeFileSync(token, served.tokenOf(operatorIdentity(project)).replace("Bearer ", ""));
  const env = gcloudEnv({
    folder: join(served.folder, "gcloud"),
    project,
    tokenFile: token,
    services: { storage: `${served.url}/storage/v1/` },
  });
  writeFileSync(join(served.folder, "big"), Buffer.alloc(20_000_000, 7));
  const log: unknown[] = [];
  for (const line of [
    ["ls", "gs://remote/"],
    ["ls", "gs://remote/**"],
    ["ls", "-l", "gs://remote/chunk/1/"],
    ["cp", join(served.folder, "big"), "gs://remote/big"],
    ["cp", "--if-generation-match=0", token, "gs://remote/token"],
    ["cp", "--if-generation-match=0", token, "gs://remote/token"],
    ["cat", "gs://remote/token"],
    ["objects", "describe", "gs://remote/token"],
    ["cp", "gs://remote/big", join(served.folder, "back")],
    ["rm", "gs://remote/token"],
    ["hash", "gs://remote/big"],
  ]) {
    log.push(
      line,
      await run("gcloud", ["storage", ...line], { env }),
      [...served.faults.calls()],
      served.farEnd.violations.splice(0),
    );
    served.faults.forget();
  }
  writeFileSync("/tmp/gcloud-probe.json", JSON.stringify(log, null, 1));
  await served.close();
  expect(1).toBe(1);
}, 300_000);
