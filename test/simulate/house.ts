// Parts of a function's process in a simulation: the same adapters and vendors' clients as its index.ts puts together,
// with the clients' own retries off, for those wait by the real clock.
import type { OAuth2Client } from "google-auth-library";
import { recordDeadLetter } from "../../functions/record-dead-letter/handler.ts";
import { resumeWork } from "../../functions/resume-work/handler.ts";
import { lookAtIncidents } from "../../functions/resume-work/incidents.ts";
import { needsOf, sendNotice } from "../../functions/send-notice/handler.ts";
import { mailBudget } from "../../functions/send-notice/mail-budget.ts";
import { audienceOf } from "../../local/instance/provision.ts";
import { operatorIdentity } from "../../local/wire/identity.ts";
import { pushTokenVerifier } from "../../shared/delivery/push-token.ts";
import { type Handle, type Needs, type Received, receive } from "../../shared/delivery/receive.ts";
import { deployedBy } from "../../shared/deployed.ts";
import type { EventName } from "../../shared/events.ts";
import { budgetStore } from "../../shared/flow/budget-store.ts";
import { nothingKnown } from "../../shared/flow/incident-stage.ts";
import { type FunctionName, pushIdentity } from "../../shared/functions.ts";
import { identityAuth } from "../../shared/google-auth.ts";
import { ledger as makeLedger } from "../../shared/ledger.ts";
import { jsonLog } from "../../shared/log.ts";
import { gmail } from "../../shared/mail/gmail.ts";
import { secrets } from "../../shared/secrets.ts";
import { slackChat } from "../../shared/slack/chat.ts";
import { storageClient } from "../../shared/storage-client.ts";
import { endpoints, issuer, known, project, type World } from "./world.ts";

export type House = ReturnType<typeof makeHouse>;
/** Answers one push, in a process of its own. */
export type Answer = (request: { authorization: string; raw: Buffer }) => Promise<Received>;
export type Workers = Partial<Record<FunctionName, (house: House) => Answer>>;

type Kept = {
  storage: ReturnType<typeof storageClient>;
  verify: ReturnType<typeof pushTokenVerifier>;
  auth: () => Promise<OAuth2Client>;
};
// They hold nothing but a token and certificates, which outlive a process here, for getting them takes as long as a delivery.
const kept = new Map<FunctionName, Kept>();

function keptFor(name: FunctionName): Kept {
  const found = kept.get(name);
  if (found !== undefined) return found;
  const built = storageClient({ project, endpoints })().then((client) => {
    client.retryOptions.autoRetry = false;
    client.retryOptions.maxRetries = 0;
    return client;
  });
  const verify = pushTokenVerifier({
    audience: audienceOf(name),
    email: pushIdentity(project),
    endpoints,
    behindCloudRun: true,
  });
  let signedIn: Promise<OAuth2Client> | undefined;
  const auth = () => {
    signedIn ??= withoutRetries(identityAuth(["https://www.googleapis.com/auth/cloud-platform"]));
    return signedIn;
  };
  const made = { storage: () => built, verify, auth };
  kept.set(name, made);
  return made;
}

/** The function's own client of Cloud Storage. */
export const storageOf = (name: FunctionName): Kept["storage"] => keptFor(name).storage;

/** Puts an object where it belongs, as whoever owns the bucket. */
export const operatorStorage = (world: World, bucket: string, name: string, text: string): Promise<void> =>
  asOperator(world, `/upload/storage/v1/b/${bucket}/o?uploadType=media&name=${encodeURIComponent(name)}`, {
    method: "POST",
    body: text,
  });

/** Takes an object away, as whoever owns the bucket. */
export const removeAsOperator = (world: World, bucket: string, name: string): Promise<void> =>
  asOperator(world, `/storage/v1/b/${bucket}/o/${encodeURIComponent(name)}`, { method: "DELETE" });

async function asOperator(world: World, path: string, of: { method: string; body?: string }): Promise<void> {
  const farEnd = world.hosts.get("storage.far");
  const { token } = known.mint(operatorIdentity(project), ["https://www.googleapis.com/auth/cloud-platform"]);
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const answer = await farEnd?.fetch(new Request(`${endpoints.storage}${path}`, { ...of, headers }));
  if (answer?.ok !== true)
    throw new Error(`the operator could not ${of.method} ${path}: ${await answer?.text()}`);
}

export const tokenFor = (name: FunctionName): string =>
  `Bearer ${issuer.tokenFor(pushIdentity(project), audienceOf(name))}`;

/** The house of one process. */
export function makeHouse(name: FunctionName, world: World, logs: string[]) {
  const { storage, verify, auth } = keptFor(name);
  const { settings, now } = world;
  const ledger = makeLedger({ project, storage, newId: () => `write-${world.nextWrite()}` });
  const log = jsonLog((line) => logs.push(line), name);
  const deps = { name, ledger, now, log, publish: world.publishAs, verify, knownIncidents: nothingKnown() };
  return {
    ...deps,
    settings,
    // By the movable clock, or one outage would be hidden by what is kept.
    secrets: secrets({ project, endpoints, auth, real: () => now().getTime() }),
    wait: world.waitAs,
    budgets: budgetStore({ ledger, now, random: () => 0.5, pause: async () => undefined }),
    /** Names this process, as no other is named. */
    instance: `instance ${world.nextWrite()}`,
    worker:
      <N extends EventName>(topic: N, handle: Handle<N>, needs: Needs<N> = () => []): Answer =>
      (request) =>
        receive(topic, request, handle, { ...deps, needs }),
  };
}

/** Google's clients try again by themselves, and wait for that by the real clock: told not to. */
export async function withoutRetries<A extends OAuth2Client>(auth: Promise<A>): Promise<A> {
  const client = await auth;
  client.transporter.interceptors.request.add({
    resolved: async (config) => Object.assign(config, { retry: false, retryConfig: { retry: 0 } }),
  });
  return client;
}

/** The workers that serve every flow. */
export const commonWorkers: Workers = {
  "send-notice"(house) {
    const { read } = house.secrets;
    const { sender } = house.settings.team;
    const mail = gmail({ endpoints, oauth: () => read("gmail-oauth"), sender });
    const slack = slackChat({ endpoints, token: () => read("slack-bot-token") });
    const mails = mailBudget(house);
    return house.worker(
      "notice",
      (notice, run, delivery) => sendNotice(notice, run, delivery, { ...house, mail, slack, mails }),
      (notice) => needsOf(notice, house.settings),
    );
  },
  "resume-work"(house) {
    const looked = {};
    const incidents = () => lookAtIncidents(looked, house);
    const heard = deployedBy(house.settings).topics;
    return house.worker("continue-due", (_tick, run) => resumeWork(run, { ...house, heard, incidents }));
  },
  "record-dead-letter": (house) => (request) => recordDeadLetter(request, house),
};
