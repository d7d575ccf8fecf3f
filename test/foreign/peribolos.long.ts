// peribolos, which many organisations keep their teams with, at its usual work on our GitHub: what stands there afterwards, and what it
// costs. https://docs.prow.k8s.io/docs/components/cli-tools/peribolos/
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import * as z from "zod";
import { type Served, serveFarEnd } from "../../local/wire/far-end.ts";
import { expectCalled } from "../conformance/calls.ts";
import { run } from "../conformance/programs.ts";
import { bare } from "../local/github/bare.ts";
import { accounts, people, team } from "../local/github/harness.ts";
import { foreign } from "./harness.ts";

const org = "big-hub";
const owners = ["olga-owner", "otto-owner"];
const everybody = people(1000);
const newcomers = people(50, "new");
const slugs = ["t-0", "t-1", "t-2", "t-3"];
const membersOf = (index: number): string[] => everybody.slice(index * 250, (index + 1) * 250);
const wanted = slugs.map((slug, index) => ({ slug, members: membersOf(index) }));

const folder = mkdtempSync(join(tmpdir(), "foreign-peribolos-"));
const { farEnd, ask, appToken } = bare();
farEnd.seed({
  organisation: org,
  ageDays: 400,
  owners,
  teams: wanted.map(({ slug, members }) => team(slug, ...members)),
  users: accounts(...owners, ...everybody, ...newcomers),
});
let requests = 0;
let served: Served;
beforeAll(async () => {
  served = await serveFarEnd({
    fetch: (request) => {
      requests += 1;
      return farEnd.fetch(request);
    },
  });
});
afterAll(async () => {
  await served.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Brings the organisation to this; gives how many requests that took. */
async function brings(
  program: string,
  teams: readonly { slug: string; members: string[] }[],
  ...more: string[]
) {
  const asApp = async (method: string, path: string) => (await ask(method, path, appToken())).json();
  const { id } = z.looseObject({ id: z.number() }).parse(await asApp("GET", `/orgs/${org}/installation`));
  const minted = await asApp("POST", `/app/installations/${id}/access_tokens`);
  const { token } = z.looseObject({ token: z.string() }).parse(minted);
  const [tokenFile, config] = [join(folder, "token"), join(folder, "org.yaml")];
  writeFileSync(tokenFile, token);
  const named = teams.map(({ slug, members }) => [slug, { members, privacy: "closed" }]);
  const members = teams.flatMap((each) => each.members);
  writeFileSync(
    config,
    JSON.stringify({ orgs: { [org]: { admins: owners, members, teams: Object.fromEntries(named) } } }),
  );
  requests = 0;
  const { code, err } = await run(
    program,
    [
      ...["--confirm", "--fix-teams", "--fix-team-members", "--min-admins=2", "--require-self=false"],
      ...["--config-path", config, "--github-token-path", tokenFile, "--github-endpoint", served.url],
      ...["--github-hourly-tokens=0", "--github-allowed-burst=0", ...more],
    ],
    { env: { HOME: folder } },
  );
  expect([code, code === 0 ? "" : err]).toEqual([0, ""]);
  expect(farEnd.violations.splice(0)).toEqual([]);
  return requests;
}

const peribolos = foreign("bin/peribolos", "test/foreign/peribolos.long.ts");
(peribolos === undefined ? test.skip : test)("a thousand people in four teams", async () => {
  const before = farEnd.snapshot(org);
  const nothing = await brings(peribolos ?? "", wanted, "--fix-org-members");
  expect(farEnd.snapshot(org)).toEqual(before);
  const [first, ...others] = wanted;
  const fifty = await brings(peribolos ?? "", [
    { slug: "t-0", members: [...(first?.members.slice(1) ?? []), ...newcomers] },
    ...others,
  ]);
  const { pending, teams } = farEnd.snapshot(org);
  expect(pending.map(({ login }) => login).sort()).toEqual(newcomers);
  expect(teams["t-0"]).not.toContain("p-0000");
  expectCalled("peribolos");
  process.stderr.write(
    `peribolos on GitHub: ${nothing} requests for nothing, ${fifty} for 50 new and one gone\n`,
  );
});
