// GitHub's far end: the API that Octokit speaks to, over a state of our own. Every request and every answer is held against
// GitHub's description; an answer of ours that breaks it becomes a 500, never a wrong answer.
import { createHash } from "node:crypto";
import { type Context, Hono } from "hono";
import { violationList } from "../wire/called-routes.ts";
import { type FarEnd, failing, offerRoutes } from "../wire/far-end.ts";
import type { Faults } from "../wire/faults.ts";
import type { MovableClock } from "../wire/movable-clock.ts";
import { copyOf, type State, transaction } from "../wire/state.ts";
import { givenTwice, isReadable, notedFor } from "../wire/vocabulary.ts";
import { lagging } from "../wire/weather.ts";
import { type Answer, notFound, refusal, unprocessable, unserved } from "./answers.ts";
import {
  type App,
  type Caller,
  callerOf,
  installationOf,
  type MachineUser,
  mayNot,
  type PersonToken,
} from "./app-auth.ts";
import { windowOf } from "./call.ts";
import { contract, type Operation } from "./contract.ts";
import type { GraphqlDoor } from "./graphql.ts";
import * as invitations from "./invitations.ts";
import { githubLimits, type Limits, limiter, type Resource } from "./limits.ts";
import { openPeople, type People, type World } from "./people.ts";
import { rules } from "./rules.ts";
import { lacksScope, scopeHeaders } from "./scopes.ts";
import { type Snapshot, snapshotOf } from "./snapshot.ts";
import { openStore, type Store } from "./state.ts";
import { openUpstream, type Upstream } from "./upstream.ts";
import { notServed, notServedOfGraphql } from "./vocabulary.ts";
import { bodyOf, isAmong, linkOf, send } from "./wire.ts";

export type GithubFarEnd = FarEnd & {
  seed: (world: World) => void;
  people: People;
  /** The repositories, as their own people change them. */
  upstream: Upstream;
  snapshot: (organisation?: string) => Snapshot;
  /** Requests and answers that GitHub's description refuses, as sentences without anybody's name. */
  violations: string[];
};

/** Makes the far end over the database of a sample hub. */
export function githubFarEnd(options: {
  state: State;
  faults: Faults;
  clock: MovableClock;
  random: () => number;
  app: App;
  machine?: MachineUser;
  persons?: readonly PersonToken[];
  limits?: Partial<Limits>;
}): GithubFarEnd {
  const { state, faults, clock, random, app, machine, persons } = options;
  const store = openStore(state);
  const limits = { ...githubLimits, ...options.limits };
  const limit = limiter(limits);
  // Read at the first question, for a start must not wait for it.
  let graphql: Promise<GraphqlDoor> | undefined;
  const violations = violationList();
  const nowMs = (): number => clock.now().getTime();
  const past = lagging<Store>(faults.sky, "github");
  const keep = (): void => past.keep(() => openStore(copyOf(state, "github_")));
  const people = openPeople(state, store, nowMs, keep);
  const upstream = openUpstream(state, store, nowMs, keep);
  const hono = new Hono();

  hono.use("*", async (c, next) => {
    await next();
    const part = (): string =>
      Math.floor(random() * 0x10000)
        .toString(16)
        .toUpperCase()
        .padStart(4, "0");
    c.res.headers.set("x-github-request-id", `${part()}:${part()}:${part()}:${part()}`);
    // Limits run on the movable clock; who reads them compares with this and not with a clock of their own.
    c.res.headers.set("date", clock.now().toUTCString());
  });
  hono.use("*", failing("github", faults));
  // https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api#user-agent-required
  hono.use("*", async (c, next) =>
    c.req.header("user-agent") === undefined
      ? send(
          refusal(
            403,
            "Request forbidden by administrative rules. Please make sure your request has a User-Agent header",
          ),
        )
      : next(),
  );

  /** Counts the call; a refusal when it is one too many. */
  const charge = (who: string, resource: Resource, cost: number, write: boolean): Answer | undefined => {
    const verdict = limit.spend(who, { resource, cost, write }, nowMs());
    if (verdict.pass) return undefined;
    if (verdict.limit === "primary") return refusal(403, `API rate limit exceeded for ${who}.`);
    const wait = { "retry-after": String(verdict.retryAfterSeconds) };
    return refusal(
      403,
      "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
      wait,
    );
  };
  const budgetHeaders = (who: string, resource: Resource): Record<string, string> => {
    const { limit: most, remaining, used, resetMs } = limit.budget(who, resource, nowMs());
    return {
      "x-ratelimit-limit": String(most),
      "x-ratelimit-remaining": String(remaining),
      "x-ratelimit-used": String(used),
      "x-ratelimit-reset": String(Math.ceil(resetMs / 1000)),
      "x-ratelimit-resource": resource,
    };
  };

  const noted = notedFor("GitHub", violations);
  const refuseUnserved = (what: string): Response => send(refusal(501, noted(what)));

  hono.use("*", async (c, next) => (isReadable(c.req.path) ? next() : refuseUnserved(c.req.path)));
  for (const [operation, { need, rule }] of Object.entries(rules) as [
    Operation,
    (typeof rules)[Operation],
  ][]) {
    const [method = "", path = ""] = operation.split(" ");
    // A ref has slashes of its own.
    const route = path.replaceAll("{ref}", ":ref{.+}").replaceAll(/\{(\w+)\}/g, ":$1");
    hono.on(method, route, async (c) => {
      const parts = {
        path: c.req.param() as Record<string, string>,
        query: c.req.query(),
        body: await bodyOf(c),
      };
      if (parts.body instanceof Error) return send(refusal(400, "Problems parsing JSON"));
      const strange =
        notServed(operation, { ...parts, headers: c.req.raw.headers })[0] ??
        givenTwice(new URL(c.req.url).searchParams);
      if (strange !== undefined) return refuseUnserved(`${strange} of ${operation}`);
      const caller = callerOf(store, app, c.req.header("authorization"), { machine, persons });
      if ("status" in caller) return send(caller);
      const who = nameOf(caller);
      const user = caller.kind === "user" ? { user: caller.account, scopes: caller.scopes } : {};
      // The App's own calls are its sign-in, not content.
      const write = method !== "GET" && need !== "app";
      if (write) keep();
      const read = method === "GET" ? (past.seen() ?? store) : store;
      const call = {
        store: read,
        app,
        limits,
        nowMs: nowMs(),
        api: new URL(c.req.url).origin,
        ...parts,
        ...user,
      };
      const tooMany = write ? charge(who, "core", 1, true) : undefined;
      if (tooMany !== undefined)
        return send({ ...tooMany, headers: { ...tooMany.headers, ...budgetHeaders(who, "core") } });
      const decide = (): Answer => {
        const wrong = contract().request(operation, parts);
        // GitHub does not say what it makes of a word outside of a closed set.
        const outside = wrong.find((each) => each.startsWith("query") && each.endsWith("allowed values"));
        if (outside !== undefined) return unserved(outside);
        violations.push(...wrong.map((each) => `request ${operation}: ${each}`));
        if (wrong.some((each) => !each.startsWith("query"))) {
          return unprocessable({
            resource: "Request",
            code: "invalid",
            field: "body",
            message: wrong.join("; "),
          });
        }
        const refused = mayNot(store, caller, need, parts.path["org"]) ?? lacksScope(caller, operation);
        return refused ?? rule(call);
      };
      const answer = transaction(state, () => {
        invitations.expireInvitations(call.store, call.nowMs);
        return decide();
      });
      if (answer.unserved !== undefined) return refuseUnserved(`${answer.unserved} of ${operation}`);
      const wrong = contract().answer(operation, answer.status, answer.body);
      if (wrong.length > 0) {
        violations.push(...wrong.map((each) => `answer ${operation} ${answer.status}: ${each}`));
        return send(refusal(500, `the far end broke GitHub's description: ${wrong.join("; ")}`));
      }
      const headers = { ...answer.headers, ...scopeHeaders(caller, operation) };
      return respond(c, who, write, { ...answer, headers }, windowOf(call));
    });
  }

  /** Puts an answer on the wire. An unchanged one, asked for by its ETag, is free (https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api). */
  function respond(
    c: Context,
    who: string,
    write: boolean,
    answer: Answer,
    window: { limit: number; page: number },
  ): Response {
    const text = answer.body === undefined ? null : JSON.stringify(answer.body);
    const etag = `W/"${createHash("sha256")
      .update(text ?? "")
      .digest("hex")}"`;
    const known = !write && answer.status === 200 && isAmong(c.req.header("if-none-match"), etag);
    const headers: Record<string, string> = { ...answer.headers };
    if (answer.status === 200 && !write) headers["etag"] = etag;
    if (known)
      return new Response(null, { status: 304, headers: { ...headers, ...budgetHeaders(who, "core") } });
    const tooMany = write ? undefined : charge(who, "core", 1, false);
    if (tooMany !== undefined) {
      return send({ ...tooMany, headers: { ...tooMany.headers, ...budgetHeaders(who, "core") } });
    }
    const link = answer.total === undefined ? "" : linkOf(c.req.url, window, answer.total);
    if (link !== "") headers["link"] = link;
    return send({ ...answer, headers: { ...headers, ...budgetHeaders(who, "core") } }, text);
  }

  // A team's own address names it by numbers; GitHub takes both for one. https://docs.github.com/rest/teams/teams#get-a-team-by-name
  hono.all("/organizations/:org{\\d+}/team/:team{\\d+}/:rest{.*}?", (c) => {
    const { org, team, rest } = c.req.param();
    const owner = store.accountBy.id(Number(org));
    const found = store.teamBy.id(Number(team));
    if (owner === undefined || found?.org !== owner.id) return send(notFound);
    const url = new URL(c.req.url);
    url.pathname = `/orgs/${owner.login}/teams/${found.slug}${rest === undefined ? "" : `/${rest}`}`;
    return hono.fetch(new Request(url, c.req.raw), c.env);
  });

  hono.post("/graphql", async (c) => {
    const words = { query: new URL(c.req.url).searchParams, headers: c.req.raw.headers };
    const [strange] = notServedOfGraphql(words);
    if (strange !== undefined) return refuseUnserved(`${strange} of POST /graphql`);
    const caller = callerOf(store, app, c.req.header("authorization"), { machine, persons });
    if ("status" in caller) return send(caller);
    if (caller.kind === "user") return refuseUnserved("POST /graphql by an account's own token");
    if (caller.kind === "app") return send(refusal(403, "Resource not accessible by integration"));
    graphql ??= import("./graphql.ts").then(({ graphqlDoor }) => graphqlDoor());
    const body = await bodyOf(c);
    if (body instanceof Error) return send(refusal(400, "Problems parsing JSON"));
    const prepared = (await graphql)(body);
    if ("unserved" in prepared) return refuseUnserved(`${prepared.unserved} of GraphQL`);
    if ("refused" in prepared) {
      violations.push(`request POST /graphql: ${prepared.why}`);
      return Response.json(prepared.refused);
    }
    const who = nameOf(caller);
    const tooMany = charge(who, "graphql", prepared.cost, false);
    // GraphQL tells of its limit with a 200.
    if (tooMany !== undefined) {
      // Its newer spelling: https://github.com/yanyongyu/githubkit/issues/271.
      const message = `API rate limit already exceeded for ${who}.`;
      const errors = [{ type: "RATE_LIMIT", code: "graphql_rate_limit", message }];
      return Response.json({ errors }, { headers: budgetHeaders(who, "graphql") });
    }
    const read = past.seen() ?? store;
    invitations.expireInvitations(read, nowMs());
    const { org, permissions } = caller;
    const budget = () => limit.budget(who, "graphql", nowMs());
    const answer = await prepared.run({ store: read, permissions, org, budget });
    const headers = { ...scopeHeaders(caller, "POST /graphql"), ...budgetHeaders(who, "graphql") };
    return Response.json(answer, { headers });
  });
  offerRoutes("github", hono);
  hono.notFound((c) => refuseUnserved(`${c.req.method} ${c.req.path}`));
  hono.onError(() => send(refusal(500, "Server Error")));

  return {
    fetch: hono.fetch,
    seed: people.seed,
    people,
    upstream,
    snapshot(login) {
      invitations.expireInvitations(store, nowMs());
      return snapshotOf(store, login);
    },
    violations,
  };
}

const nameOf = (caller: Caller): string => {
  if (caller.kind === "app") return "the App";
  return caller.kind === "installation"
    ? `installation ID ${installationOf(caller.org)}`
    : `user ID ${caller.account.id}`;
};
