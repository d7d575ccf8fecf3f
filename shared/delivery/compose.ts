// Parts of every function, made from its environment. Each index.ts calls this with process.env; nothing vendor-made is built
// here before its first use.
import type { Request, Response } from "@google-cloud/functions-framework";
import { bus } from "../bus/publish.ts";
import { clockFrom } from "../clock.ts";
import { endpointsFrom } from "../endpoints.ts";
import type { EventName } from "../events.ts";
import { nothingKnown } from "../flow/incident-stage.ts";
import { type FunctionName, pushIdentity } from "../functions.ts";
import { ledger } from "../ledger.ts";
import { jsonLog } from "../log.ts";
import { secrets } from "../secrets.ts";
import { settingsFrom } from "../settings.ts";
import { storageClient } from "../storage-client.ts";
import { tameConsole } from "./library-lines.ts";
import { checkedAuthorization, pushTokenVerifier } from "./push-token.ts";
import { bodyLimitsOf, takeBodiesRaw } from "./raw-body.ts";
import { type Handle, type Needs, receive } from "./receive.ts";

export function compose(name: FunctionName, env: Record<string, string | undefined>) {
  const settings = settingsFrom(env);
  const endpoints = endpointsFrom(env);
  const { project } = settings;
  const now = clockFrom(env);
  const log = jsonLog((line) => process.stdout.write(line), name);
  tameConsole(log, globalThis.console);
  takeBodiesRaw(bodyLimitsOf(name), (status) => log("INFO", "body refused", { status }));
  // Anywhere else the framework answers what it refuses with a stack and the paths in it.
  env["NODE_ENV"] = "production";
  const records = ledger({ project, storage: storageClient({ project, endpoints }) });
  const verify = pushTokenVerifier({
    audience: env["GROUNDCREW_AUDIENCE"] ?? "",
    email: pushIdentity(project),
    endpoints,
    // Cloud Run sets it (https://cloud.google.com/run/docs/container-contract#services-env-vars).
    behindCloudRun: (env["K_SERVICE"] ?? "") !== "",
  });
  const knownIncidents = nothingKnown();
  const { publish, close } = bus({ project, endpoints });
  const deps = { name, ledger: records, now, log, publish, verify, knownIncidents };

  return {
    settings,
    endpoints,
    now,
    log,
    verify,
    knownIncidents,
    ledger: records,
    bus: { publish, close },
    secrets: secrets({ project, endpoints }),
    /** A worker: answers Pub/Sub's pushes of one topic by this handler, unless a service that it needs is to be left alone. */
    worker:
      <N extends EventName>(topic: N, handle: Handle<N>, needs: Needs<N> = () => []) =>
      async (request: Request, response: Response): Promise<void> => {
        const raw = request.rawBody ?? Buffer.alloc(0);
        const { status, body } = await receive(
          topic,
          { authorization: checkedAuthorization(request), raw },
          handle,
          { ...deps, needs },
        );
        response.status(status).send(body ?? "");
      },
  };
}
