// Tests of who a function is to Google: what the metadata server says, and what it is called where that is no token.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { identityAuth } from "../../shared/google-auth.ts";
import type { Recorded } from "../atlas/entry.ts";
import { google, json } from "../atlas/google-bodies.ts";

const flavor = { "metadata-flavor": "Google" };
let said: Recorded | undefined;
let far: Awaited<ReturnType<typeof google>>;
beforeAll(async () => {
  far = await google(() => said);
});
afterAll(() => far.close());

const tokenOf = async () => (await identityAuth(["a-scope"])).getAccessToken();

test("a token is the metadata server's", async () => {
  said = undefined;
  expect(await tokenOf()).toMatchObject({ token: "a-token" });
});

test.each([
  ["without a token in it", json(200, { expires_in: 3600 }, flavor), "unreadable"],
  ["that knows no identity", json(404, {}, flavor), "no-identity"],
  ["that gives none", json(403, {}, flavor), "no-token"],
])("an answer %s is a failure of the metadata server", async (_, answer, cause) => {
  said = answer;
  await expect(tokenOf()).rejects.toMatchObject({ failure: { service: "metadata", cause } });
});
