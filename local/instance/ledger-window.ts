// The instance's own look into the ledger, as the operator: through the storage far end, in process.
import { z } from "zod";
import { ledgerBucket } from "../../shared/functions.ts";
import { understand } from "../../shared/unknown-fields.ts";
import type { FarEnd } from "../wire/far-end.ts";
import { type Identities, operatorIdentity } from "../wire/identity.ts";

export type LedgerWindow = {
  read: <T>(name: string, schema: z.ZodType<T>) => Promise<T | undefined>;
  /** Names and metadata of all objects whose name begins so. */
  list: (prefix: string) => Promise<{ name: string; metadata: Record<string, string> }[]>;
};

const Page = z.object({
  items: z
    .array(z.object({ name: z.string(), metadata: z.record(z.string(), z.string()).default({}) }))
    .default([]),
  nextPageToken: z.string().optional(),
});

export function ledgerWindow(options: {
  storage: FarEnd;
  identities: Identities;
  project: string;
}): LedgerWindow {
  const { storage, identities, project } = options;
  const objects = `http://storage/storage/v1/b/${ledgerBucket(project)}/o`;

  async function get(url: string): Promise<Response> {
    const { token } = identities.mint(operatorIdentity(project), [
      "https://www.googleapis.com/auth/devstorage.read_only",
    ]);
    return storage.fetch(new Request(url, { headers: { authorization: `Bearer ${token}` } }));
  }

  return {
    async read(name, schema) {
      const answer = await get(`${objects}/${encodeURIComponent(name)}?alt=media`);
      if (!answer.ok) return undefined;
      const record = understand(await answer.json().catch(() => undefined), schema);
      return "value" in record ? record.value : undefined;
    },
    async list(prefix) {
      const found: { name: string; metadata: Record<string, string> }[] = [];
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
  };
}
