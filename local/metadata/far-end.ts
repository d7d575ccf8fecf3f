// The metadata server of one identity: where a function on the sample hub gets its project, its tokens and nothing else.
// One server an identity, so that a function can only ever be itself.
import { type Context, Hono } from "hono";
import { projectNumber } from "../run/addresses.ts";
import { noteCall, offer, violationList } from "../wire/called-routes.ts";
import { callerHeader } from "../wire/callers.ts";
import { type FarEnd, failing } from "../wire/far-end.ts";
import type { Faults } from "../wire/faults.ts";
import type { Identities } from "../wire/identity.ts";
import { givenTwice, notedFor, unserved, type Vocabulary } from "../wire/vocabulary.ts";

export type MetadataOptions = {
  identities: Identities;
  faults: Faults;
  /** The identity that is handed out here. */
  email: string;
  project: string;
  /** `instance/attributes/<key>`. */
  attributes?: Record<string, string>;
  /** A machine's own: a function has none. */
  machine?: { name: string; zone: string; isPreempted: () => boolean };
};

/** A folder, or what stands at a path; a function is asked at each reading. */
type Node = { [name: string]: Node } | string | ((c: Context) => Response);

const root = "/computeMetadata/v1";
const words: Vocabulary = {
  headers: ["metadata-flavor", "x-goog-api-client", callerHeader],
};
const defaultScope = "https://www.googleapis.com/auth/cloud-platform";

/** Google's metadata server (https://cloud.google.com/compute/docs/metadata/predefined-metadata-keys), as far as clients read it. */
export function metadataFarEnd(options: MetadataOptions): FarEnd & { violations: string[] } {
  const violations = violationList();
  const noted = notedFor("the metadata server", violations);
  const notServed = (what: string): Response => refuse(501, noted(what));
  const tree = treeOf(options);
  offer("metadata", leavesOf(tree, "").map(ofAnybody));
  const app = new Hono();
  app.use(failing("metadata", options.faults));
  app.get("*", (c) => {
    // A page in a browser cannot set this header, and a proxy adds the other: both are how tokens were once stolen.
    if (c.req.header("metadata-flavor") !== "Google")
      return refuse(403, "Missing Metadata-Flavor:Google header.");
    if (c.req.header("x-forwarded-for") !== undefined)
      return refuse(403, "Request contains the X-Forwarded-For header.");
    const { path } = c.req;
    if (!path.startsWith(`${root}/`) || path.includes("//")) return notServed(path);
    const asked = { query: new URL(c.req.url).searchParams, headers: c.req.raw.headers.entries() };
    const isToken = path.endsWith("/token");
    const first = unserved(asked, words, { query: isToken ? ["scopes"] : [] })[0] ?? givenTwice(asked.query);
    if (first !== undefined) return notServed(first);
    const names = path
      .slice(root.length)
      .split("/")
      .filter((name) => name !== "");
    const node = names.reduce<Node | undefined>(
      (parent, name) =>
        typeof parent === "object" && Object.hasOwn(parent, name) ? parent[name] : undefined,
      tree,
    );
    // Attributes are those that somebody gave; of all else the real server has more.
    if (node === undefined) return names[1] === "attributes" ? refuse(404, "Not Found") : notServed(path);
    if (typeof node === "object") return text(listingOf(node));
    // Only folders end in a slash, and no name is empty.
    if (/\/$/.test(path)) return notServed(path);
    noteCall("metadata", ofAnybody(`/${names.join("/")}`));
    return typeof node === "function" ? node(c) : text(node);
  });
  app.notFound((c) => notServed(`${c.req.method} ${c.req.path}`));
  return { fetch: app.fetch, violations };
}

/** Names in a folder, as the real server lists them. https://cloud.google.com/compute/docs/metadata/querying-metadata */
const listingOf = (folder: { [name: string]: Node }): string =>
  Object.entries(folder)
    .map(([name, node]) => (typeof node === "object" ? `${name}/\n` : `${name}\n`))
    .join("");

const leavesOf = (node: Node, path: string): string[] =>
  typeof node === "object"
    ? Object.entries(node).flatMap(([name, child]) => leavesOf(child, `${path}/${name}`))
    : [path];

/** Each machine has attributes of its own. */
const ofAnybody = (path: string): string => path.replace(/(?<=\/attributes\/).+/, "*");

function treeOf({ identities, email, project, attributes = {}, machine }: MetadataOptions): Node {
  const account: Node = {
    token: (c) => {
      const asked = (c.req.query("scopes") ?? "").split(",").filter((scope) => scope !== "");
      const { token, expiresInSeconds } = identities.mint(email, asked.length > 0 ? asked : [defaultScope]);
      return json({ access_token: token, expires_in: expiresInSeconds, token_type: "Bearer" });
    },
  };
  return {
    instance: {
      attributes,
      "service-accounts": { default: account },
      zone: `projects/${projectNumber}/zones/${machine?.zone ?? "us-central1-1"}`,
      ...(machine === undefined
        ? {}
        : {
            name: machine.name,
            preempted: () => text(machine.isPreempted() ? "TRUE" : "FALSE"),
          }),
    },
    project: { "project-id": project },
  };
}

const flavor = { "metadata-flavor": "Google", server: "Metadata Server for VM" };

const text = (body: string): Response =>
  new Response(body, { headers: { "content-type": "application/text", ...flavor } });

const json = (body: unknown): Response => Response.json(body, { headers: flavor });

const refuse = (status: number, message: string): Response =>
  new Response(`${message}\n`, {
    status,
    headers: { "content-type": "text/html; charset=UTF-8", ...flavor },
  });
