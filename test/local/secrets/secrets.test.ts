// Versions of a secret, as a person leaves them in its folder.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import * as z from "zod";
import { secretsFarEnd } from "../../../local/secrets/far-end.ts";
import { faultStore } from "../../../local/wire/faults.ts";
import { identities, operatorIdentity } from "../../../local/wire/identity.ts";
import { openState } from "../../../local/wire/state.ts";

const project = "sample-hub";
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "secrets-"));
  mkdirSync(join(folder, "key"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const Answer = z.object({
  payload: z.object({ data: z.base64() }).optional(),
  error: z.object({ status: z.string(), message: z.string() }).optional(),
});

/** Reads a version of a secret whose folder holds such files. */
async function access(files: readonly string[], version: string): Promise<string> {
  for (const name of files) writeFileSync(join(folder, "key", name), `value of ${name}`);
  const known = identities({ state: openState(":memory:"), project });
  const farEnd = secretsFarEnd({ identities: known, faults: faultStore(), project, folder });
  const { token } = known.mint(operatorIdentity(project), ["https://www.googleapis.com/auth/cloud-platform"]);
  const address = `http://far.test/v1/projects/${project}/secrets/key/versions/${version}:access`;
  const answer = await farEnd.fetch(new Request(address, { headers: { authorization: `Bearer ${token}` } }));
  const { payload, error } = Answer.parse(await answer.json());
  return payload === undefined
    ? `${answer.status} ${error?.status}: ${error?.message}`
    : Buffer.from(payload.data, "base64").toString();
}
const of = (version: number) => `[projects/${project}/secrets/key/versions/${version}]`;

test.each([
  [["1", "2"], "latest", "value of 2"],
  [["1", "2"], "1", "value of 1"],
  [["1", "10", "9"], "latest", "value of 10"],
  // The latest is the last that was made, whatever has become of it.
  [["1", "2.disabled"], "latest", `400 FAILED_PRECONDITION: Secret Version ${of(2)} is in DISABLED state.`],
  [["1", "2.disabled"], "1", "value of 1"],
  [["1.destroyed"], "1", `400 FAILED_PRECONDITION: Secret Version ${of(1)} is in DESTROYED state.`],
  [["1"], "2", `404 NOT_FOUND: Secret Version ${of(2)} not found.`],
  [
    [".1.swp", "1~", "x"],
    "latest",
    `404 NOT_FOUND: Secret [projects/${project}/secrets/key] not found or has no versions.`,
  ],
])("of %j, %s is: %s", async (files, version, expected) => {
  expect(await access(files, version)).toBe(expected);
});

test("a project by its number is not said to be missing", async () => {
  const known = identities({ state: openState(":memory:"), project });
  const farEnd = secretsFarEnd({ identities: known, faults: faultStore(), project, folder });
  const address = "http://far.test/v1/projects/123456789012/secrets/key/versions/1:access";
  const { token } = known.mint(operatorIdentity(project), []);
  const answer = await farEnd.fetch(new Request(address, { headers: { authorization: `Bearer ${token}` } }));
  expect(answer.status).toBe(501);
  expect(farEnd.violations.splice(0)).toHaveLength(1);
});

test.each([
  ["alt=json", 200],
  ["$alt=json;enum-encoding=int", 200],
  ["$alt=json", 200],
  ["$prettyPrint=false", 200],
  ["$prettyPrint=maybe", 400],
  ["alt=json&$alt=json", 400],
  ["$alt=media", 501],
  ["$fields=name", 501],
  ["$.xgafv=2", 501],
])("the query %s of Google's own clients: %i", async (query, status) => {
  writeFileSync(join(folder, "key", "1"), "value");
  const known = identities({ state: openState(":memory:"), project });
  const farEnd = secretsFarEnd({ identities: known, faults: faultStore(), project, folder });
  const { token } = known.mint(operatorIdentity(project), ["https://www.googleapis.com/auth/cloud-platform"]);
  const address = `http://far.test/v1/projects/${project}/secrets/key/versions/1:access?${query}`;
  const answer = await farEnd.fetch(new Request(address, { headers: { authorization: `Bearer ${token}` } }));
  expect(answer.status).toBe(status);
  expect(farEnd.violations.splice(0)).toHaveLength(status === 200 ? 0 : 1);
});
