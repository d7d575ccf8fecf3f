// One identity a function, the fewest permissions, no keys in files: what the table says, and what no client may be built with.
import { expect, test } from "@jest/globals";
import { functionNames, identityOf, machineIdentity, pushIdentity, rowOf } from "../../shared/functions.ts";
import { grantsOf } from "../../shared/grants.ts";
import { findIn, sourcesOf } from "./source.ts";

test("each function has an identity of its own, and grants name one thing each", () => {
  const identities = [
    ...functionNames.map((name) => identityOf(name, "p")),
    pushIdentity("p"),
    machineIdentity("p"),
  ];
  expect(new Set(identities).size).toBe(identities.length);
  for (const address of identities)
    expect(address).toMatch(/^[a-z][a-z0-9-]{4,28}[a-z0-9]@p\.iam\.|^push@p\.iam\./);
  const wide = functionNames.flatMap((name) =>
    grantsOf(rowOf(name), "p")
      .filter(
        ({ permission, on }) =>
          /\*|^roles\/|admin|owner|editor|setIamPolicy|serviceAccountKeys|getAccessToken/i.test(permission) ||
          // The console reads the whole ledger; nobody writes to all of it.
          (on === "buckets/p-ledger/objects/" && !/\.(?:get|list)$/.test(permission)),
      )
      .map(({ permission, on }) => `${name} may ${permission} on ${on}: grant less in shared/functions.ts`),
  );
  expect(wide).toEqual([]);
});

test("each worker may write down the troubles that its deliveries meet", () => {
  const silent = functionNames
    .filter((name) => rowOf(name).kind === "worker")
    .filter(
      (name) =>
        !rowOf(name).ledger.some(
          ({ prefix, may }) => may === "change" && "head/incidents/".startsWith(prefix),
        ),
    );
  expect(silent).toEqual([]);
});

test("no client takes a key file, nor the environment's own identity", () => {
  const keys =
    /\bkeyFile(?:name)?\b|\bGOOGLE_APPLICATION_CREDENTIALS\b|\bprivate_key\b|\bfromJSON\(|-compute@developer|@appspot/g;
  const wrong = sourcesOf("shared", "functions", "infra").flatMap((source) => [
    ...findIn(source, keys),
    ...source.texts
      .filter(({ says }) => new RegExp(keys.source).test(says))
      .map(({ line, says }) => ({ at: `${source.file}:${line}`, found: says })),
  ]);
  expect(
    wrong.map(({ at, found }) => `${at} has ${found}: each function is itself by its metadata server.`),
  ).toEqual([]);
});
