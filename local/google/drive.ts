// Drive v3, as far as it tells of edits and of the trash: https://developers.google.com/workspace/drive/api/reference/rest/v3
import { createHash } from "node:crypto";
import type { Context, Hono } from "hono";
import * as z from "zod";
import type { Clock } from "../../shared/clock.ts";
import { jsonOf } from "../../shared/json.ts";
import { selectionOf } from "../discovery/fields.ts";
import type { Caller, Identities } from "../wire/identity.ts";
import { unservedField } from "../wire/vocabulary.ts";
import type { Channels } from "./channels.ts";
import { callerWith, contract, invalid, notFound, notServed, type Refusal, refuse } from "./replies.ts";
import type { SampleSheet } from "./sheets.ts";

const scopes = ["drive.metadata.readonly", "drive.metadata", "drive.readonly", "drive", "drive.file"];
/** For a file a channel lives an hour if nothing is asked for, and a day at most. */
const defaultLifeMs = 3_600_000;
const maximumLifeMs = 86_400_000;

/** Methods whose paths look like a file's. */
const otherMethods = ["generateIds", "generateCseToken"];

const Wanted = z.object({
  id: z.string().min(1).max(64),
  type: z.enum(["web_hook", "webhook"]),
  address: z.url(),
  token: z.string().max(256).default(""),
  expiration: z.string().optional(),
});
const Stopped = z.object({ id: z.string(), resourceId: z.string() });

export function driveRoutes(
  app: Hono,
  options: {
    identities: Identities;
    sheets: Record<string, SampleSheet>;
    channels: Channels;
    now: Clock;
    violations: string[];
  },
): void {
  const { identities, sheets, channels, now, violations } = options;
  const get = contract("drive.v3", "drive.files.get", violations);
  const watch = contract("drive.v3", "drive.files.watch", violations);
  const stop = contract("drive.v3", "drive.channels.stop", violations);

  const find = (c: Context, id: string): { sheet: SampleSheet; caller: Caller } | Refusal => {
    const caller = callerWith(c, identities, scopes);
    if ("code" in caller) return caller;
    const sheet = sheets[id];
    // Drive does not tell a stranger that a file exists.
    if (sheet?.sharedWith().includes(caller.email) !== true) return notFound(`File not found: ${id}.`);
    return { sheet, caller };
  };

  app.get("/drive/v3/files/:id", (c) => {
    const id = c.req.param("id");
    if (otherMethods.includes(id)) return refuse(c, notServed(`GET ${c.req.path}`, violations));
    const found = find(c, id);
    if ("code" in found) return refuse(c, found);
    const refusal = get.refusal({ c, params: { fileId: id } });
    if (refusal !== undefined) return refuse(c, refusal);
    // Without a mask Drive gives a file's kind, id, name and type.
    const selection = selectionOf(c.req.query("fields") ?? "kind,id,name,mimeType") ?? {};
    const strange = Object.keys(selection).find((name) => name !== "trashed");
    if (strange !== undefined) return refuse(c, notServed(`the field ${strange} of files.get`, violations));
    return get.answer(c, { trashed: found.sheet.trashed?.() ?? false });
  });

  app.post("/drive/v3/files/:id/watch", async (c) => {
    const id = c.req.param("id");
    const found = find(c, id);
    if ("code" in found) return refuse(c, found);
    const body = jsonOf(await c.req.text());
    const refusal = watch.refusal({ c, params: { fileId: id }, body });
    if (refusal !== undefined) return refuse(c, refusal);
    const strange = unservedField(body, Object.keys(Wanted.shape));
    if (strange !== undefined) return refuse(c, notServed(`the field ${strange} of files.watch`, violations));
    const wanted = Wanted.safeParse(body);
    if (!wanted.success) return refuse(c, invalid(z.prettifyError(wanted.error), "required"));
    const { address, token, expiration } = wanted.data;
    if (!mayBeCalled(address))
      return refuse(c, invalid(`WebHook callback must be HTTPS: ${address}`, "push.webhookUrlNotHttps"));
    const time = now().getTime();
    const expires = Math.min(Number(expiration ?? time + defaultLifeMs), time + maximumLifeMs);
    if (expires <= time)
      return refuse(c, invalid("Channel expiration is in the past", "channelExpirationPast"));
    const resource = createHash("sha256").update(`drive file ${id}`).digest("base64url").slice(0, 27);
    const uri = `https://www.googleapis.com/drive/v3/files/${id}?alt=json`;
    const channel = {
      id: wanted.data.id,
      owner: found.caller.email,
      spreadsheet: id,
      resource,
      uri,
      address,
      token,
      expires,
    };
    if (!channels.open(channel))
      return refuse(c, invalid(`Channel id ${channel.id} not unique`, "channelIdNotUnique"));
    return watch.answer(c, {
      kind: "api#channel",
      id: channel.id,
      resourceId: resource,
      resourceUri: uri,
      ...(token === "" ? {} : { token }),
      expiration: String(expires),
    });
  });

  app.post("/drive/v3/channels/stop", async (c) => {
    const caller = callerWith(c, identities, scopes);
    if ("code" in caller) return refuse(c, caller);
    const body = jsonOf(await c.req.text());
    const refusal = stop.refusal({ c, body });
    if (refusal !== undefined) return refuse(c, refusal);
    const strange = unservedField(body, Object.keys(Stopped.shape));
    if (strange !== undefined)
      return refuse(c, notServed(`the field ${strange} of channels.stop`, violations));
    const stopped = Stopped.safeParse(body);
    if (!stopped.success) return refuse(c, invalid("Required: id, resourceId", "required"));
    if (!channels.stop(stopped.data.id, stopped.data.resourceId, caller.email))
      return refuse(c, notFound(`Channel '${stopped.data.id}' not found for project`));
    return c.body(null, 204);
  });
}

/** Drive calls HTTPS only; the sample hub's doors are plain HTTP on the loopback address. */
function mayBeCalled(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  return (
    protocol === "https:" || (protocol === "http:" && ["127.0.0.1", "localhost", "[::1]"].includes(hostname))
  );
}
