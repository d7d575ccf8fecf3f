// Accounts that logins stand for: a person, an organisation, a bot, or nobody. Half an answer is thrown, never taken for nobody.

import type { Octokit } from "@octokit/core";
import * as z from "zod";
import type { Github } from "./client.ts";
import { type Doing, failureOf, refusalIn, unreadable } from "./failures.ts";
import { askGraphql } from "./graphql.ts";

export type Account = {
  id: number;
  login: string;
  type: "User" | "Organization" | "Bot";
  /** Name that the account shows on its profile; most show none. */
  name?: string;
  /** Already of our organisation, in whatever team or none. */
  member: boolean;
};

const lookingUp: Doing = { what: "the accounts in the sheet could not be looked up at GitHub", as: "app" };

const loginsARequest = 100;
const Found = z
  .object({
    databaseId: z.number(),
    login: z.string(),
    // Null where the profile shows none. Its address is not asked for: a token of an App may not read that, and one field that is
    // refused costs the whole answer (https://github.com/backstage/backstage/pull/5735).
    name: z.string().nullish(),
    // Null for whoever is not a member; GitHub leaves it out of an organisation's own account.
    organization: z.object({ databaseId: z.number() }).nullish(),
  })
  .nullable();

/** Finds whose these logins are, a hundred a request; a name that is nobody's is asked for once more, as an organisation's. */
export async function resolveLogins(
  github: Github,
  organisation: string,
  logins: readonly string[],
): Promise<Map<string, Account | "not-found">> {
  const wanted = [...new Set(logins.map((login) => login.toLowerCase()))];
  const answers = new Map<string, Account | "not-found">();
  if (wanted.length === 0) return answers;
  const octokit = await github();
  const people = await resolveAs(octokit, "User", organisation, wanted);
  const others = wanted.filter((login) => !people.has(login) && !isBot(login));
  const organisations = await resolveAs(octokit, "Organization", organisation, others);
  for (const login of wanted) {
    const bot = isBot(login) ? await readBot(octokit, login) : undefined;
    answers.set(login, people.get(login) ?? organisations.get(login) ?? bot ?? "not-found");
  }
  return answers;
}

const isBot = (login: string): boolean => login.endsWith("[bot]");

async function resolveAs(
  octokit: Octokit,
  type: "User" | "Organization",
  organisation: string,
  logins: readonly string[],
): Promise<Map<string, Account>> {
  const found = new Map<string, Account>();
  const [field, membership] =
    type === "User"
      ? ["user", "name organization(login: $organisation) { databaseId }"]
      : ["organization", ""];
  for (let start = 0; start < logins.length; start += loginsARequest) {
    const chunk = logins.slice(start, start + loginsARequest);
    const declared = [
      ...(type === "User" ? ["$organisation: String!"] : []),
      ...chunk.map((_, index) => `$login${index}: String!`),
    ].join(", ");
    const parts = chunk.map(
      (_, index) => `part${index}: ${field}(login: $login${index}) { databaseId login ${membership} }`,
    );
    const variables = {
      ...(type === "User" ? { organisation } : {}),
      ...Object.fromEntries(chunk.map((login, index) => [`login${index}`, login])),
    };
    const { data, errors, failure } = await askGraphql(
      octokit,
      `query(${declared}) { ${parts.join("\n")} }`,
      variables,
      lookingUp,
    );
    const missing = new Set(
      errors.filter((each) => each.type === "NOT_FOUND").map(({ path }) => path?.join()),
    );
    if (missing.size < errors.length) throw failure();
    chunk.forEach((login, index) => {
      const read = Found.safeParse(data[`part${index}`]);
      // Null without a word why is half an answer, and no proof that nobody has this name.
      if (!read.success || (read.data === null) !== missing.has(`part${index}`)) {
        throw unreadable(lookingUp);
      }
      if (read.data === null) return;
      const { databaseId: id, login: spelt, name, organization } = read.data;
      const shown = name == null || name === "" ? {} : { name };
      found.set(login, { id, login: spelt, type, ...shown, member: organization != null });
    });
  }
  return found;
}

/** GraphQL has no bots. */
async function readBot(octokit: Octokit, username: string): Promise<Account | undefined> {
  let data: unknown;
  try {
    ({ data } = await octokit.request("GET /users/{username}", { username }));
  } catch (error) {
    if (refusalIn(error)?.status === 404) return undefined;
    throw failureOf(error, lookingUp);
  }
  const read = z.object({ id: z.number(), login: z.string() }).safeParse(data);
  if (!read.success) throw unreadable(lookingUp);
  return { ...read.data, type: "Bot", member: false };
}
