// The console on the real ledger and the real bus, each over its far end and with the console's own identity.
import type * as z from "zod";
import { consoleApp } from "../../../functions/console/handler.ts";
import type { WorldClient } from "../../../functions/console/sample/hub.ts";
import { type PubsubFarEnd, pubsubFarEnd } from "../../../local/pubsub/far-end.ts";
import { faultStore } from "../../../local/wire/faults.ts";
import { identities, operatorIdentity } from "../../../local/wire/identity.ts";
import { stoppedClock } from "../../../local/wire/movable-clock.ts";
import { pubsubClient } from "../../../shared/bus/client.ts";
import { bus } from "../../../shared/bus/publish.ts";
import { eventNames } from "../../../shared/events.ts";
import { identityOf } from "../../../shared/functions.ts";
import { ledger } from "../../../shared/ledger.ts";
import type { Log } from "../../../shared/log.ts";
import type { Settings } from "../../../shared/settings.ts";
import type { SheetReader } from "../../../shared/sheets/read.ts";
import { fewMembers, settingsOf } from "../../local/sample/sample-settings.ts";
import { project, storageHarness } from "../../local/storage/harness.ts";
import { today } from "./day.ts";

export const origin = "http://127.0.0.1:4747";
export const token = "the-token-of-this-start";

export const settings = settingsOf({
  project,
  name: "Example hub",
  hubs: { prod: { members: fewMembers } },
});

const noTab = async (): Promise<never> => {
  throw new Error("no test reads a tab but with its own reader");
};

export async function openConsole(
  options: {
    world?: WorldClient;
    access?: { token: string; origin: string };
    settings?: Settings;
    readTab?: SheetReader["readTab"];
  } = {},
) {
  const storage = await storageHarness();
  const clock = stoppedClock(new Date(`${today}T08:05:00Z`));
  const known = identities({ state: storage.state, project });
  const pubsub: PubsubFarEnd = await pubsubFarEnd({
    state: storage.state,
    clock,
    random: () => 0,
    identities: known,
    faults: faultStore(),
    project,
  });
  const bearerOf = (email: string) => async (): Promise<string> => `Bearer ${known.mint(email, []).token}`;
  const operator = await pubsubClient({
    project,
    endpoint: pubsub.address,
    authorization: bearerOf(operatorIdentity(project)),
  });
  for (const name of eventNames) await operator.createTopic(name);
  const ours = bus({
    project,
    endpoints: { pubsub: pubsub.address },
    authorization: bearerOf(identityOf("console", project)),
  });
  const asOperator = await storage.operator();
  const asConsole = await storage.client("console");
  const published: { messageId: string; topic: string; event: unknown }[] = [];
  const logged: Parameters<Log>[] = [];
  const access = options.access ?? { token, origin };
  const app = consoleApp({
    settings: options.settings ?? settings,
    readTab: options.readTab ?? noTab,
    ledger: ledger({ project, storage: async () => asConsole }),
    publish: async (topic, event) => {
      const messageId = await ours.publish(topic, event);
      published.push({ messageId, topic, event });
      return messageId;
    },
    now: clock.now,
    log: (...line) => logged.push(line),
    access,
    ...(options.world === undefined ? {} : { world: options.world }),
  });
  return {
    app,
    clock,
    storage,
    project,
    published,
    logged,
    /** With the operator's identity: what the workers would have written. */
    records: ledger({ project, storage: async () => asOperator }),
    async close(): Promise<void> {
      await ours.close();
      await operator.close();
      await pubsub.close();
      await storage.close();
    },
  };
}

/** Asks a console with its token, as the command line does. */
export function asker(app: () => Pick<ReturnType<typeof consoleApp>, "fetch">) {
  const ask = async (path: string, init: RequestInit = {}): Promise<Response> =>
    app().fetch(
      new Request(`${origin}${path}`, {
        ...init,
        headers: { authorization: `Bearer ${token}`, ...init.headers },
      }),
    );
  return {
    ask,
    page: async (path: string): Promise<string> => (await ask(path)).text(),
    get: async <T>(path: string, shape: z.ZodType<T>): Promise<T> =>
      shape.parse(await (await ask(path)).json()),
    post: (path: string, body?: unknown): Promise<Response> =>
      ask(path, {
        method: "POST",
        ...(body === undefined
          ? {}
          : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
      }),
  };
}
