// Google's Python client and gcsfs as clients of our Cloud Storage, case by case: right, refused with 501, or an error as Google gives;
// nothing wrong in silence.
import { join } from "node:path";
import { afterAll, beforeAll, describe, test } from "@jest/globals";
import { operatorIdentity } from "../../local/wire/identity.ts";
import { project, storageHarness } from "../local/storage/harness.ts";
import { expectTable, foreign, rowsOf } from "./harness.ts";

const python = foreign("venv/bin/python", "test/foreign/storage.long.ts");
let served: Awaited<ReturnType<typeof storageHarness>>;
beforeAll(async () => {
  served = await storageHarness();
});
afterAll(() => served.close());

const clients = [
  { client: "google-cloud-storage", program: "storage_cases.py", atLeast: 110 },
  { client: "gcsfs", program: "gcsfs_cases.py", atLeast: 30 },
];
(python === undefined ? describe.skip : describe)("Cloud Storage", () => {
  test.each(clients)("by $client", async ({ client, program, atLeast }) => {
    const rows = await rowsOf(python ?? "", [join(import.meta.dirname, program)], {
      ENDPOINT: served.url,
      FOLDER: join(served.folder, "remote"),
      TOKEN: served.tokenOf(operatorIdentity(project)).replace("Bearer ", ""),
    });
    expectTable(`${client} on Cloud Storage`, rows, atLeast);
  });
});
