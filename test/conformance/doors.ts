// Far ends of all vendors as doors, for inputs that are bad.
import { readdirSync } from "node:fs";
import { bare } from "../local/github/bare.ts";
import { organisation } from "../local/github/harness.ts";
import { s3Harness } from "../local/s3/harness.ts";
import type { Asked, Door, Opened } from "./door.ts";
import { ofCompute, ofGoogle, ofStorage } from "./google-doors.ts";
import { ofOthers } from "./other-doors.ts";

async function ofS3(): Promise<Opened> {
  const made = await s3Harness();
  const s3: Door = {
    send: async ({ path, ...rest }) => fetch(await made.client.sign(`${made.url}${path}`, rest)),
    read: { path: "/inbox?list-type=2" },
    number: "max-keys",
    word: "prefix",
    write: { method: "POST", path: "/inbox/k?uploadId=none", body: "<CompleteMultipartUpload/>" },
    named: (name) => ({ path: `/inbox/${encodeURIComponent(name)}` }),
    state: () =>
      readdirSync(made.folder, { recursive: true }).filter((name) => !String(name).startsWith(".")),
  };
  return { doors: { s3 }, close: () => made.close() };
}

async function ofGithub(): Promise<Opened> {
  const made = bare();
  const token = await made.installationToken();
  const graphql = (body: object): Asked & { body: string } => ({
    method: "POST",
    path: "/graphql",
    body: JSON.stringify(body),
  });
  const send: Door["send"] = ({ method = "GET", path, headers = {}, body }) =>
    Promise.resolve(
      made.farEnd.fetch(
        new Request(`http://github.test${path}`, {
          method,
          headers: { authorization: `Bearer ${token}`, "user-agent": "test", ...headers },
          ...(body !== undefined && { body }),
        }),
      ),
    );
  const state = () => made.farEnd.snapshot(organisation);
  const github: Door = {
    send,
    read: { path: `/orgs/${organisation}/teams/base/members?role=all` },
    number: "per_page",
    word: "role",
    write: {
      method: "POST",
      path: `/orgs/${organisation}/invitations`,
      body: '{"email":"a@example.org","invitee_id":1}',
    },
    named: (name) => ({ path: `/users/${encodeURIComponent(name)}` }),
    state,
  };
  const query = "{ rateLimit { cost } }";
  const graph: Door = {
    send,
    read: { path: `/orgs/${organisation}/teams/base` },
    write: graphql({ query: "{ nothing }" }),
    named: (name) =>
      graphql({
        query: "query($login: String!) { user(login: $login) { login } }",
        variables: { login: name },
      }),
    times: {
      "a number beyond 32 bits": graphql({ query: query.replace("cost", "cost(first: 4294967296)") }),
    },
    state,
  };
  return { doors: { github, "github graphql": graph }, close: async () => undefined };
}

/** All doors by name. */
export async function openDoors(): Promise<Opened> {
  const opened: Opened[] = [];
  for (const open of [ofStorage, ofS3, ofGoogle, ofCompute, ofGithub, ofOthers]) opened.push(await open());
  return {
    doors: Object.assign({}, ...opened.map(({ doors }) => doors)),
    async close() {
      for (const { close } of opened) await close();
    },
  };
}
