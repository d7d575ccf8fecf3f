// Harness of workers' tests: a served ledger, an issuer of push tokens with its certificates served, and one way
// to push a message as Pub/Sub does.
import { Hono } from "hono";
import { serveFarEnd } from "../../../local/wire/far-end.ts";
import { type MovableClock, stoppedClock } from "../../../local/wire/movable-clock.ts";
import { oidcIssuer } from "../../../local/wire/oidc.ts";
import type { Publish } from "../../../shared/bus/publish.ts";
import { causes } from "../../../shared/delivery/passage.ts";
import { pushTokenVerifier } from "../../../shared/delivery/push-token.ts";
import type { ReceiveDeps } from "../../../shared/delivery/receive.ts";
import { type KnownIncidents, nothingKnown } from "../../../shared/flow/incident-stage.ts";
import { type FunctionName, pushIdentity } from "../../../shared/functions.ts";
import { keptLog, ledgerHarness, project } from "../ledger-harness.ts";

export { project };

/** Message that a worker has published, as its bus would have it. */
export type Published = { topic: string; event: unknown; attributes: Record<string, string> };
export const audience = "https://worker.sample.invalid";

/** Time at which a test begins, unless it says otherwise. */
export const morning = new Date("2026-11-21T08:00:00.123Z");

export async function receiveHarness(begins: Date = morning) {
  const harness = await ledgerHarness();
  const issuer = oidcIssuer(harness.state);
  const app = new Hono().route("/", issuer.app);
  const certificates = await serveFarEnd(app);
  let stopped = stoppedClock(begins);
  const clock: MovableClock = {
    now: () => stopped.now(),
    moveBy: (milliseconds) => stopped.moveBy(milliseconds),
    onMove: (listener) => stopped.onMove(listener),
  };
  const verify = pushTokenVerifier({
    audience,
    email: pushIdentity(project),
    endpoints: { certificates: `${certificates.url}/certs` },
    behindCloudRun: false,
  });
  const processes: KnownIncidents[] = [];
  return {
    ...harness,
    issuer,
    clock,
    /** Takes the clock of all that was made here back to the first moment, when no process had read anything yet. */
    rewind: () => {
      stopped = stoppedClock(begins);
      for (const { known, published } of processes) {
        known.clear();
        published.clear();
      }
    },
    verify,
    certificates: certificates.url,
    bearer: () => `Bearer ${issuer.tokenFor(pushIdentity(project), audience)}`,
    async depsOf(name: FunctionName) {
      const { lines, log } = keptLog();
      const published: Published[] = [];
      const publish: Publish = async (topic, event, attributes = {}) =>
        String(published.push({ topic, event, attributes: { ...causes(attributes), ...attributes } }));
      const deps: ReceiveDeps = {
        name,
        ledger: await harness.ledgerOf(name),
        now: clock.now,
        log,
        publish,
        knownIncidents: nothingKnown(),
        verify,
      };
      processes.push(deps.knownIncidents);
      return { deps, lines, published };
    },
    async close(): Promise<void> {
      await certificates.close();
      await harness.close();
    },
  };
}

/** The body of a push. */
export function pushOf(
  payload: string | Buffer | object,
  options: { id?: string; attempt?: number; attributes?: Record<string, string>; publishTime?: string } = {},
): Buffer {
  const { id = "1001", attempt = 1, attributes, publishTime = "2026-11-21T07:59:59Z" } = options;
  const data = typeof payload === "string" || Buffer.isBuffer(payload) ? payload : JSON.stringify(payload);
  return Buffer.from(
    JSON.stringify({
      message: {
        messageId: id,
        data: Buffer.from(data).toString("base64"),
        ...(attributes === undefined ? {} : { attributes }),
        publishTime,
      },
      subscription: "projects/sample-hub-1/subscriptions/worker",
      deliveryAttempt: attempt,
    }),
  );
}
