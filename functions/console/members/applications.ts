// Reads the responses of the application form, once for a whole question. They stay in this process alone, and no record has anything
// of them.
import { failureIn } from "../../../shared/failure.ts";
import type { Applications } from "../../../shared/members/applicants.ts";
import type { ApplicationSettings } from "../../../shared/members/settings.ts";
import { applicationRows } from "../../../shared/sheets/applications.ts";
import type { SheetReader } from "../../../shared/sheets/read.ts";
import type { ConsoleDeps } from "../context.ts";

/** Time for which what was read is used again: who asks person by person reads it once. */
const keptMs = 60_000;
/** Time after which an answer goes without the applications. */
export const applicationsTimeoutMs = 1_500;

export type ReadApplications = (settings: ApplicationSettings) => Promise<Applications>;

/** Reads applications, and never throws: without them an answer says less. */
export function applicationStore({ readTab, now }: Pick<ConsoleDeps, "readTab" | "now">): ReadApplications {
  const kept = new Map<string, { until: number; cells: ReturnType<SheetReader["readTab"]> }>();
  return async (settings) => {
    const { spreadsheet, tab } = settings;
    const key = `${spreadsheet} ${tab}`;
    const known = kept.get(key);
    const time = now().getTime();
    const read =
      known !== undefined && known.until > time
        ? known
        : {
            until: time + keptMs,
            cells: readTab({
              spreadsheet,
              tab,
              what: "the applications cannot be read",
              section: "members.applications",
            }),
          };
    kept.set(key, read);
    try {
      const rows = applicationRows(await read.cells, settings);
      if (typeof rows === "string") return { unreadable: rows };
      return { rows };
    } catch (error) {
      // Failures are not kept: a sheet that was just shared is seen at the next question.
      if (kept.get(key) === read) kept.delete(key);
      return { unreadable: failureIn(error)?.explanation.why ?? "an error that was not foreseen" };
    }
  };
}
