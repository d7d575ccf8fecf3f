// Whole listings of remotes for tests, in place of pages.
import type { ListRemote } from "../../../shared/remotes/list.ts";
import type { Remote } from "../../../shared/settings.ts";
import type { RemoteObject } from "../../../shared/transfers/records.ts";

/** Gathers all pages of a listing. */
export const wholeOf =
  (list: ListRemote) =>
  async (name: string, remote: Remote, path: string): Promise<RemoteObject[]> => {
    const found: RemoteObject[] = [];
    for await (const page of list(name, remote, { path })) found.push(...page);
    return found;
  };
