// The console of a sample hub in process, for the tests of its pages: a day of records, and the switches behind Sample hub.
import { afterAll, beforeAll, beforeEach } from "@jest/globals";
import { faultStore } from "../../../local/wire/faults.ts";
import { stoppedClock } from "../../../local/wire/movable-clock.ts";
import { type LookHarness, lookHarness, switchesOver } from "../../local/sample/look-harness.ts";
import { seed, today } from "./day.ts";
import { asker, openConsole, token } from "./harness.ts";

/** Stands for as long as the tests of a file do; what was published and made to fail is forgotten before each. */
export function pagesHarness() {
  const clock = stoppedClock(new Date(`${today}T08:05:00Z`));
  const faults = faultStore();
  let on: Awaited<ReturnType<typeof openConsole>>;
  let look: LookHarness;
  beforeAll(async () => {
    look = await lookHarness(clock);
    const schedules = () => [
      {
        name: "heartbeat-prod",
        schedule: "heartbeat",
        next: `${today}T08:15:00.000Z`,
        last: `${today}T08:00:00.000Z`,
      },
    ];
    on = await openConsole({ world: switchesOver(look, { token, clock, faults, schedules }) });
    await seed(on.records);
  });
  afterAll(async () => {
    look.close();
    await on.close();
  });
  beforeEach(() => {
    on.published.length = 0;
    faults.clear();
  });

  const { ask, page, get } = asker(() => on.app);
  return {
    clock,
    faults,
    /** The sample hub as a person sees it. */
    look: () => look,
    /** The console itself, and what it works on. */
    on: () => on,
    published: () => on.published,
    ask,
    page,
    get,
    send: (path: string, fields: Record<string, string>): Promise<Response> =>
      ask(path, { method: "POST", body: new URLSearchParams(fields) }),
  };
}

export const goesTo = (answer: Response) => [answer.status, answer.headers.get("location")];
export const main = (whole: string): string => whole.slice(whole.indexOf("<main"), whole.indexOf("</main>"));
export const textOf = (html: string): string => html.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");
