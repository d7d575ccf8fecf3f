// The metadata server of one identity: where a function on the sample hub gets its project, its tokens and nothing else.
// One server an identity, so that a function can only ever be itself.
import { createHash } from "node:crypto";
import { type Context, Hono } from "hono";
import { type FarEnd, failing } from "../far-end.ts";
import type { Faults } from "../faults.ts";
import type { Identities } from "../identity.ts";
import { noteCall, offer } from "../record.ts";

export type MetadataOptions = {
  identities: Identities;
  faults: Faults;
  /** The identity that is handed out here. */
  email: string;
  project: string;
  /** Signs an id token; without it the server has none. */
  oidc?: (audience: string, email: string) => string;
  /** `instance/attributes/<key>`. */
  attributes?: Record<string, string>;
  /** A machine's own: a function has none. */
  machine?: { name: string; zone: string; isPreempted: () => boolean };
};

/** A folder, or what stands at a path; a function is asked at each reading, and left out of recursive answers. */
type Node = { [name: string]: Node } | string | number | ((c: Context) => Response);

const root = "/computeMetadata/v1";
const defaultScope = "https://www.googleapis.com/auth/cloud-platform";

/** Google's metadata server (https://cloud.google.com/compute/docs/metadata/predefined-metadata-keys), as far as clients read it. */
export function metadataFarEnd(options: MetadataOptions): FarEnd {
  const tree = treeOf(options);
  offer("metadata", ["/", ...leavesOf(tree, "").map(ofAnybody)]);
  const app = new Hono();
  app.use(failing("metadata", options.faults));
  app.get("*", (c) => {
    // A page in a browser cannot set this header, and a proxy adds the other: both are how tokens were once stolen.
    if (c.req.header("metadata-flavor") !== "Google")
      return refuse(403, "Missing Metadata-Flavor:Google header.");
    if (c.req.header("x-forwarded-for") !== undefined)
      return refuse(403, "Request contains the X-Forwarded-For header.");
    const { path } = c.req;
    if (path === "/") {
      noteCall("metadata", path);
      return text("computeMetadata/\n");
    }
    if (!path.startsWith(`${root}/`)) return refuse(404, "Not Found");
    const names = path
      .slice(root.length)
      .split("/")
      .filter((name) => name !== "");
    const node = names.reduce<Node | undefined>(
      (parent, name) =>
        typeof parent === "object" && Object.hasOwn(parent, name) ? parent[name] : undefined,
      tree,
    );
    if (node === undefined) return refuse(404, "Not Found");
    for (const leaf of leavesOf(node, names.map((name) => `/${name}`).join("")))
      noteCall("metadata", ofAnybody(leaf));
    if (typeof node === "function") return node(c);
    if (typeof node !== "object") return text(String(node));
    if (c.req.query("recursive") === "true") return json(recursive(node, true));
    if (!path.endsWith("/"))
      return new Response(null, { status: 301, headers: { location: `${path}/`, ...flavor } });
    return text(
      Object.entries(node)
        .map(([name, child]) => `${name}${typeof child === "object" ? "/" : ""}\n`)
        .join(""),
    );
  });
  app.notFound(() => refuse(404, "Not Found"));
  return { fetch: app.fetch };
}

/** What stands below a folder, by its path. Whoever reads a folder reads all of it. */
const leavesOf = (node: Node, path: string): string[] =>
  typeof node === "object"
    ? Object.entries(node).flatMap(([name, child]) => leavesOf(child, `${path}/${name}`))
    : [path];

/** Each identity's account stands under two names, and each machine has attributes of its own. */
const ofAnybody = (path: string): string =>
  path.replace(/(?<=\/service-accounts\/)[^/]+/, "default").replace(/(?<=\/attributes\/).+/, "*");

function treeOf({ identities, email, project, oidc, attributes = {}, machine }: MetadataOptions): Node {
  const number =
    100_000_000_000 + (createHash("sha256").update(project).digest().readUInt32BE() % 900_000_000);
  const account: Node = {
    aliases: "default",
    email,
    identity: (c) => {
      const audience = c.req.query("audience") ?? "";
      if (audience === "") return refuse(400, "non-empty audience parameter required");
      return oidc === undefined ? refuse(404, "Not Found") : text(oidc(audience, email));
    },
    scopes: `${defaultScope}\n`,
    token: (c) => {
      const asked = (c.req.query("scopes") ?? "").split(",").filter((scope) => scope !== "");
      const { token, expiresInSeconds } = identities.mint(email, asked.length > 0 ? asked : [defaultScope]);
      return json({ access_token: token, expires_in: expiresInSeconds, token_type: "Bearer" });
    },
  };
  return {
    instance: {
      attributes,
      id: number,
      "service-accounts": { default: account, [email]: account },
      zone: `projects/${number}/zones/${machine?.zone ?? "us-central1-1"}`,
      ...(machine === undefined
        ? {}
        : {
            name: machine.name,
            preempted: () => text(machine.isPreempted() ? "TRUE" : "FALSE"),
          }),
    },
    project: { attributes: {}, "numeric-project-id": number, "project-id": project },
    universe: { "universe-domain": "googleapis.com" },
  };
}

/** The whole below a folder, in the names that Google's JSON has: camelCase, but for what people and accounts are called. */
function recursive(node: Node, ownNames: boolean): unknown {
  if (typeof node !== "object") return node;
  return Object.fromEntries(
    Object.entries(node)
      .filter(([, child]) => typeof child !== "function")
      .map(([name, child]) => {
        if (name === "aliases") return [name, ["default"]];
        if (name === "scopes") return [name, [defaultScope]];
        const key = ownNames ? name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()) : name;
        return [key, recursive(child, ownNames && name !== "attributes" && name !== "service-accounts")];
      }),
  );
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
