// For each function of a sample hub, one call that it must accept: an event pushed with Pub/Sub's token, or what a door's caller
// sends. It makes the function load all that it uses: tokens, ledger, secrets, vendors' clients.
import { createHmac, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Instance } from "../../../local/instance/instance.ts";
import { audienceOf } from "../../../local/instance/provision.ts";
import { readSettings, worldFolder } from "../../../local/sample/world.ts";
import { type FunctionName, ledgerBucket, pushIdentity, rowOf } from "../../../shared/functions.ts";
import { channelToken } from "../../../shared/sheets/channel.ts";
import { pushOf } from "../../shared/delivery/receive-harness.ts";
import type { Call } from "./platform.ts";

export type Effect = { call: Call; accepted: number };

/**
 * Gives calls that were never made before: each push has an id of its own. As somebody sends them, or as the front end hands them
 * on to the function.
 */
export function firstEffects(
  instance: Instance,
  as: "sent" | "handed on" = "sent",
): (name: FunctionName) => Effect {
  const world = worldFolder(instance.world);
  const { project } = readSettings(world);
  const secret = (name: string) => readFileSync(join(world.secrets, name, "1"), "utf8");
  function bearerOf(name: FunctionName): string {
    const token = instance.farEnds.tokenFor(pushIdentity(project), audienceOf(name));
    return as === "sent" ? token : token.replace(/[^.]+$/, "SIGNATURE_REMOVED_BY_GOOGLE");
  }
  const doors: Partial<Record<FunctionName, () => Effect>> = {
    console: () => ({
      call: {
        path: "api/home",
        headers: { authorization: `Bearer ${instance.token}` },
      },
      accepted: 200,
    }),
    "sheet-webhook": () => ({ call: driveCall(secret("sheet-webhook-secret")), accepted: 204 }),
    "github-webhook": () => ({ call: releaseCall(secret("github-webhook-secret")), accepted: 204 }),
  };
  return (name) => {
    const door = doors[name];
    if (door !== undefined) return door();
    const headers = { "content-type": "application/json", authorization: `Bearer ${bearerOf(name)}` };
    const body = pushOf(payloadOf(name, ledgerBucket(project)), { id: randomUUID() });
    return { call: { method: "POST", headers, body }, accepted: 204 };
  };
}

function payloadOf(name: FunctionName, bucket: string): object {
  const object = (path: string) => ({ kind: "storage#object", bucket, name: path });
  const look = { v: 1, hub: "sample", why: "schedule" };
  switch (rowOf(name).hears) {
    case "report-arrived":
      return object("reports/sample/20261121.json");
    case "transfer-reported":
      return object("transfers/sample/first-copy/reports/0-1-done.json");
    case "watch-due":
      return { v: 1, hub: "sample" };
    case "sweep-due":
    case "continue-due":
      return { v: 1 };
    case "notice":
      return {
        v: 1,
        hub: "sample",
        key: `bench/${randomUUID()}`,
        to: "team",
        subject: "Hello",
        text: "Hello.",
      };
    default:
      return look;
  }
}

/** Makes the call that Drive sends after a save. */
function driveCall(secret: string): Call {
  const channel = "sample-1790000000000";
  return {
    method: "POST",
    headers: {
      "x-goog-channel-id": channel,
      "x-goog-channel-token": channelToken(secret, channel),
      "x-goog-resource-state": "update",
      "x-goog-resource-id": "resource",
    },
  };
}

function releaseCall(secret: string): Call {
  const body = Buffer.from(
    JSON.stringify({
      action: "published",
      release: { tag_name: "2026.06.04", draft: false, prerelease: false },
      repository: { full_name: "pangeo-data/pangeo-docker-images" },
    }),
  );
  const signature = `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
  const headers = {
    "content-type": "application/json",
    "x-github-event": "release",
    "x-hub-signature-256": signature,
  };
  return { method: "POST", headers, body };
}
