// The instance's own look into the ledger, as the operator: through the storage far end, in process.
import * as z from "zod";
import { ledgerBucket } from "../../shared/functions.ts";
import { understand } from "../../shared/unknown-fields.ts";
import type { FarEnd } from "../wire/far-end.ts";
import { type Identities, operatorIdentity } from "../wire/identity.ts";

export type LedgerWindow = {
  read: <T>(name: string, schema: z.ZodType<T>) => Promise<T | undefined>;
  /** Names, metadata and times of writing of all objects whose name begins so. */
  list: (prefix: string) => Promise<WindowEntry[]>;
  /** Deletes an object unless it was written since; one that is gone already is well. */
  remove: (entry: Pick<WindowEntry, "name" | "generation">) => Promise<void>;
};

export type WindowEntry = z.infer<typeof Entry>;

const Entry = z.object({
  name: z.string(),
  generation: z.string(),
  timeCreated: z.coerce.date(),
  metadata: z.record(z.string(), z.string()).default({}),
});
const Page = z.object({ items: z.array(Entry).default([]), nextPageToken: z.string().optional() });

export function ledgerWindow(options: {
  storage: FarEnd;
  identities: Identities;
  project: string;
}): LedgerWindow {
  const { storage, identities, project } = options;
  const objects = `http://storage/storage/v1/b/${ledgerBucket(project)}/o`;

  async function call(url: string, method: "GET" | "DELETE", scope: string): Promise<Response> {
    const { token } = identities.mint(operatorIdentity(project), [
      `https://www.googleapis.com/auth/devstorage.${scope}`,
    ]);
    return storage.fetch(new Request(url, { method, headers: { authorization: `Bearer ${token}` } }));
  }
  const get = (url: string) => call(url, "GET", "read_only");

  return {
    async read(name, schema) {
      const answer = await get(`${objects}/${encodeURIComponent(name)}?alt=media`);
      if (!answer.ok) return undefined;
      const record = understand(await answer.json().catch(() => undefined), schema);
      return "value" in record ? record.value : undefined;
    },
    async list(prefix) {
      const found: WindowEntry[] = [];
      let page: string | undefined;
      do {
        const query = new URLSearchParams({ prefix, ...(page === undefined ? {} : { pageToken: page }) });
        const answer = await get(`${objects}?${query}`);
        if (!answer.ok) throw new Error(`the sample hub's records cannot be listed: ${answer.status}`);
        const { items, nextPageToken } = Page.parse(await answer.json());
        found.push(...items);
        page = nextPageToken;
      } while (page !== undefined);
      return found;
    },
    async remove({ name, generation }) {
      const url = `${objects}/${encodeURIComponent(name)}?ifGenerationMatch=${generation}`;
      const { ok, status } = await call(url, "DELETE", "read_write");
      if (!ok && status !== 404 && status !== 412)
        throw new Error(`a record of the sample hub cannot be deleted: ${status}`);
    },
  };
}
