// Doors of Google's APIs.
import { readdirSync } from "node:fs";
import { operatorIdentity } from "../../local/wire/identity.ts";
import { identityOf } from "../../shared/functions.ts";
import { computeHarness, project as computeProject } from "../local/compute/harness.ts";
import { account, harness as googleHarness, reader, spreadsheet } from "../local/google/harness.ts";
import { ledger, storageHarness, project as storageProject } from "../local/storage/harness.ts";
import { type Asked, cloud, type Door, json, type Opened, start } from "./door.ts";

/** Cloud Storage, with a ledger. */
export async function ofStorage(): Promise<Opened> {
  const made = await storageHarness();
  const authorization = made.tokenOf(operatorIdentity(storageProject));
  const objects = `/storage/v1/b/${ledger}/o`;
  const writing = (fields: object): Asked & { body: string } => ({
    method: "POST",
    path: `/upload${objects}?uploadType=resumable`,
    headers: json,
    body: JSON.stringify({ name: "k", ...fields }),
  });
  const storage: Door = {
    send: ({ path, ...rest }) =>
      fetch(`${made.url}${path}`, { ...rest, headers: { authorization, ...rest.headers } }),
    read: { path: `${objects}?prefix=a` },
    number: "maxResults",
    word: "prefix",
    write: writing({}),
    named: (name) => ({ path: `${objects}/${encodeURIComponent(name)}` }),
    times: {
      "a time before 1970": writing({ customTime: "1901-01-01T00:00:00Z" }),
      "a time after 9999": writing({ customTime: "10000-01-01T00:00:00Z" }),
      "a time that is none": writing({ customTime: "2026-02-30" }),
    },
    state: () => made.changes,
  };
  return { doors: { storage }, close: () => made.close() };
}

/** Sheets, Drive and Gmail. */
export async function ofGoogle(): Promise<Opened> {
  const made = await googleHarness({ csv: "a,b\n1,2\n" });
  const sender =
    (as: string, scopes: string[]) =>
    ({ path, ...rest }: Asked) =>
      made.call(path, { ...rest, as, scopes });
  const values = `/v4/spreadsheets/${spreadsheet}`;
  const watching = (fields: object): Asked & { body: string } => ({
    method: "POST",
    path: `/drive/v3/files/${spreadsheet}/watch`,
    headers: json,
    body: JSON.stringify({ id: "c", type: "web_hook", address: "https://a.test/", ...fields }),
  });
  const state = () => ({ pushed: made.pushed, mails: readdirSync(made.folder).includes("mailbox") });
  const read = { path: `${values}?ranges=A1` };
  const sheets: Door = {
    send: sender(reader, ["spreadsheets.readonly"]),
    read,
    word: "fields",
    named: (name) => ({ path: `${values}?ranges=${encodeURIComponent(name)}` }),
    state,
  };
  const drive: Door = {
    send: sender(reader, ["drive.metadata.readonly"]),
    read: { path: `/drive/v3/files/${spreadsheet}?fields=trashed` },
    write: watching({ id: "" }),
    named: (name) => ({ ...watching({}), path: `/drive/v3/files/${encodeURIComponent(name)}/watch` }),
    times: {
      "a time before 1970": watching({ expiration: "-1" }),
      "a time after 9999": watching({ id: "far", expiration: "253402300800000" }),
      "a span of 2^32 s": watching({ id: "long", expiration: String(start.getTime() + 2 ** 32 * 1000) }),
      "a time that is none": watching({ expiration: "soon" }),
      "a time of 30 digits": watching({ expiration: "1".repeat(30) }),
    },
    state: () => state().mails,
  };
  const gmail: Door = {
    send: sender(account, ["gmail.send", "spreadsheets.readonly"]),
    read,
    write: { method: "POST", path: "/gmail/v1/users/me/messages/send", headers: json, body: '{"raw":""}' },
    named: (name) => ({
      method: "POST",
      path: `/gmail/v1/users/${encodeURIComponent(name)}/messages/send`,
      headers: json,
      body: "{}",
    }),
    state,
  };
  return { doors: { sheets, drive, gmail }, close: () => made[Symbol.asyncDispose]() };
}

/** Compute Engine. */
export async function ofCompute(): Promise<Opened> {
  const made = await computeHarness();
  const { token } = made.identities.mint(identityOf("run-transfer", computeProject), cloud);
  const root = `/compute/v1/projects/${computeProject}`;
  const compute: Door = {
    send: ({ path, ...rest }) =>
      fetch(`${made.url}${path}`, {
        ...rest,
        headers: { authorization: `Bearer ${token}`, ...rest.headers },
      }),
    read: { path: `${root}/aggregated/instances?` },
    number: "maxResults",
    word: "filter",
    write: {
      method: "POST",
      path: `${root}/zones/us-central1-a/instances`,
      headers: json,
      body: '{"name":"transfer-x"}',
    },
    named: (name) => ({
      method: "DELETE",
      path: `${root}/zones/us-central1-a/instances/${encodeURIComponent(name)}`,
    }),
    state: () => [made.far.machines(), made.far.made()],
  };
  return { doors: { compute }, close: () => made.close() };
}
