// Secret Manager over a folder that git ignores: <folder>/<secret>/<version>, each file one value. Only what functions do:
// access to a version. Values are neither logged nor cached here.
import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Hono } from "hono";
import { discovery } from "../discovery/validate.ts";
import { ofEveryCall } from "../discovery/words.ts";
import { digester } from "../storage/digest.ts";
import { violationList } from "../wire/called-routes.ts";
import { type FarEnd, failing, offerRoutes } from "../wire/far-end.ts";
import type { Faults } from "../wire/faults.ts";
import type { Identities } from "../wire/identity.ts";
import { closed, notedFor } from "../wire/vocabulary.ts";

const api = discovery("secretmanager.v1");
const methodId = "secretmanager.projects.secrets.versions.access";
const permission = "secretmanager.versions.access";

/** `violations` lists requests and answers that Google's description forbids. */
export function secretsFarEnd(options: {
  identities: Identities;
  faults: Faults;
  project: string;
  folder: string;
}): FarEnd & { violations: string[] } {
  const { identities, faults, project, folder } = options;
  const violations = violationList();
  const noted = notedFor("Secret Manager", violations);
  const app = new Hono();
  app.use(failing("secrets", faults));
  app.use(
    closed({}, [ofEveryCall, { query: ["$alt=json;enum-encoding=int"] }], (what) =>
      refuse(501, "UNIMPLEMENTED", noted(what)),
    ),
  );
  app.get("/v1/projects/:project/secrets/:secret/versions/:access{[^/:]+:access}", (c) => {
    const secret = c.req.param("secret");
    const version = c.req.param("access").slice(0, -":access".length);
    const resource = `projects/${c.req.param("project")}/secrets/${secret}`;
    const problems = api.checkRequest(methodId, {
      params: { name: `${resource}/versions/${version}` },
      query: c.req.queries(),
    });
    violations.push(...problems);
    if (problems.length > 0) return refuse(400, "INVALID_ARGUMENT", problems.join("; "));
    // A project's number is as good as its name to Google; the sample hub's has none.
    if (/^\d+$/.test(c.req.param("project")))
      return refuse(501, "UNIMPLEMENTED", noted("a project by its number"));
    const caller = identities.callerOf(c.req.header("authorization"));
    if (caller === undefined) return refuse(401, "UNAUTHENTICATED", unauthenticated);
    // As the vendor: who has no permission is not told whether the secret is there.
    if (!identities.may(caller.email, permission, resource))
      return refuse(
        403,
        "PERMISSION_DENIED",
        `Permission '${permission}' denied for resource '${resource}/versions/${version}' (or it may not exist).`,
      );
    const found = c.req.param("project") === project ? versionsOf(folder, secret) : undefined;
    if (found === undefined)
      return refuse(404, "NOT_FOUND", `Secret [${resource}] not found or has no versions.`);
    const one = version === "latest" ? found.at(-1) : found.find(({ number }) => String(number) === version);
    if (one === undefined)
      return refuse(404, "NOT_FOUND", `Secret Version [${resource}/versions/${version}] not found.`);
    const { number, state } = one;
    if (state !== "ENABLED")
      return refuse(
        400,
        "FAILED_PRECONDITION",
        `Secret Version [${resource}/versions/${number}] is in ${state} state.`,
      );
    const value = readFileSync(join(folder, secret, String(number)));
    const sum = digester();
    sum.add(value);
    const answer = {
      name: `${resource}/versions/${number}`,
      payload: {
        data: value.toString("base64"),
        dataCrc32c: String(Buffer.from(sum.digest().crc32c, "base64").readUInt32BE()),
      },
    };
    const wrong = api.checkAnswer(methodId, answer);
    if (wrong.length === 0) return c.json(answer);
    violations.push(...wrong);
    return refuse(500, "INTERNAL", wrong.join("; "));
  });
  offerRoutes("secrets", app);
  app.onError(() => refuse(500, "INTERNAL", "The secret's file cannot be read."));
  return { fetch: app.fetch, violations };
}

const unauthenticated =
  "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.";

type Version = { number: number; state: "ENABLED" | "DISABLED" | "DESTROYED" };

/**
 * The versions of a secret, in order; undefined when there is none. Nothing but plain files counts: `3`, or, where somebody took that
 * version away, `3.disabled` or `3.destroyed`. https://cloud.google.com/secret-manager/docs/manage-secret-versions
 */
function versionsOf(folder: string, secret: string): Version[] | undefined {
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(secret)) return undefined;
  const inside = join(folder, secret);
  if (lstatSync(inside, { throwIfNoEntry: false })?.isDirectory() !== true) return undefined;
  const versions = readdirSync(inside, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap(({ name }): Version[] => {
      const [, number, state] = /^([1-9]\d{0,8})(?:\.(disabled|destroyed))?$/.exec(name) ?? [];
      if (number === undefined) return [];
      const is = state === undefined ? "ENABLED" : state === "disabled" ? "DISABLED" : "DESTROYED";
      return [{ number: Number(number), state: is }];
    })
    .sort((a, b) => a.number - b.number);
  return versions.length === 0 ? undefined : versions;
}

function refuse(code: number, status: string, message: string): Response {
  return Response.json({ error: { code, message, status } }, { status: code });
}
