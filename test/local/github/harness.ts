// A GitHub for tests: an organisation whose App's key we hold, called in process or over a port by the real client.
import { generateKeyPairSync } from "node:crypto";
import type { PersonToken } from "../../../local/github/app-auth.ts";
import { type GithubFarEnd, githubFarEnd } from "../../../local/github/far-end.ts";
import type { Limits } from "../../../local/github/limits.ts";
import type { World } from "../../../local/github/people.ts";
import { faultStore } from "../../../local/wire/faults.ts";
import { stoppedClock } from "../../../local/wire/movable-clock.ts";
import { openState, type State } from "../../../local/wire/state.ts";
import { calendarIn, skyOver } from "../../../local/wire/weather.ts";
import { type Github, githubClient } from "../../../shared/github/client.ts";

const keys = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  // As GitHub hands it out: PKCS#1.
  privateKeyEncoding: { type: "pkcs1", format: "pem" },
});
export const appId = 4711;
export const organisation = "Sample-Hub";
export const day = 86_400_000;

export const team = (slug: string, ...members: string[]) => ({ slug, name: slug, members });
/** "p-0000" and so on. */
export const people = (count: number, prefix = "p"): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}-${String(index).padStart(4, "0")}`);
export const accounts = (...logins: string[]) => logins.map((login) => ({ login }));

/** Three teams, an owner, two members of them, one member of none, and people who are not members yet. */
export const smallOrganisation: World = {
  organisation,
  ageDays: 400,
  owners: ["Olga-Owner"],
  teams: [
    team("base", "ada-a", "Bo-B"),
    team("full", "Olga-Owner"),
    team("public"),
    team("hand-made", "cy-c"),
  ],
  users: [
    ...accounts("Olga-Owner", "ada-a", "Bo-B", "cy-c", "dee-d", "eve-e"),
    { login: "helper[bot]", type: "Bot" },
    { login: "some-company", type: "Organization" },
  ],
};

export function githubHarness(
  options: {
    world?: World;
    limits?: Partial<Limits>;
    permissions?: Record<string, string>;
    state?: State;
    key?: string;
    organisation?: string;
    persons?: readonly PersonToken[];
  } = {},
) {
  const state = options.state ?? openState(":memory:");
  const clock = stoppedClock(new Date("2031-03-03T10:00:00Z"));
  const now = (): number => clock.now().getTime();
  const weather = calendarIn(state, now);
  const faults = faultStore(skyOver(now, weather.list));
  const farEnd: GithubFarEnd = githubFarEnd({
    state,
    faults,
    clock,
    random: () => 0.5,
    app: {
      id: appId,
      publicKeyPem: keys.publicKey,
      ...(options.permissions === undefined ? {} : { installationPermissions: options.permissions }),
    },
    ...(options.limits === undefined ? {} : { limits: options.limits }),
    ...(options.persons === undefined ? {} : { persons: options.persons }),
  });
  farEnd.seed(options.world ?? smallOrganisation);
  const requests: string[] = [];
  const send = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    requests.push(`${request.method} ${new URL(request.url).pathname}`);
    return farEnd.fetch(request);
  };
  const client = (members: "read" | "write", url = "http://github.test", over = send): Github =>
    githubClient({
      endpoints: { github: url },
      appId,
      organisation: options.organisation ?? organisation,
      privateKey: async () => options.key ?? keys.privateKey,
      permissions: { members },
      fetch: over,
    });
  /** Gives the next question over GraphQL this answer. */
  const answerNext = (body: object, status = 200): void => {
    const headers = { "content-type": "application/json" };
    const failure = { kind: "status" as const, status, body: JSON.stringify(body), headers };
    faults.add({ farEnd: "github", match: "POST /graphql", failure });
  };
  return { farEnd, faults, weather, answerNext, clock, state, requests, send, client };
}
