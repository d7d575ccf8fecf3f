// The console's composition root: the only file here that knows the environment and the framework.
import { http } from "@google-cloud/functions-framework";
import { getRequestListener } from "@hono/node-server";
import { compose } from "../../shared/delivery/compose.ts";
import { identityOf } from "../../shared/functions.ts";
import { sheetReader } from "../../shared/sheets/read.ts";
import { consoleApp } from "./handler.ts";
import type { Access } from "./http/guard.ts";
import { applicationsTimeoutMs } from "./members/applications.ts";
import type { WorldClient } from "./sample/hub.ts";

const { settings, endpoints, ledger, bus, now, log } = compose("console", process.env);
const identity = identityOf("console", settings.project);
const sheets = sheetReader({ endpoints, identity, timeoutMs: applicationsTimeoutMs, retries: 0 });
const access = accessFrom(process.env);
const world = endpoints.world === undefined ? undefined : worldAt(endpoints.world, access?.token ?? "");

const app = consoleApp({
  settings,
  ledger,
  publish: bus.publish,
  now,
  log,
  readTab: sheets.readTab,
  access,
  ...(world === undefined ? {} : { world }),
  oldRclone: endpoints.interop !== undefined,
});

// shared/delivery/raw-body.ts has read the body already; the listener takes it from `rawBody`.
const listener = getRequestListener(app.fetch);
http("console", (request, response) => listener(request, response));

function accessFrom(env: Record<string, string | undefined>): Access | undefined {
  const { GROUNDCREW_CONSOLE_TOKEN: token, GROUNDCREW_CONSOLE_ORIGIN: origin } = env;
  const hosts = (env["GROUNDCREW_CONSOLE_HOSTS"] ?? "").split(" ").filter((host) => host !== "");
  return token && origin ? { token, origin, hosts } : undefined;
}

function worldAt(base: string, token: string): WorldClient {
  return ({ method, path, body }) =>
    fetch(`${base.replace(/\/$/, "")}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body }),
    });
}
