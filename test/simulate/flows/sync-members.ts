// sync-members in simulation: the sheet, GitHub's teams and invitations, and mail to those who were let in.
import { syncMembers } from "../../../functions/sync-members/handler.ts";
import { needed } from "../../../functions/sync-members/quiet.ts";
import { githubFarEnd } from "../../../local/github/far-end.ts";
import { githubClient } from "../../../shared/github/client.ts";
import { resolveLogins } from "../../../shared/github/logins.ts";
import { readTeams } from "../../../shared/github/people.ts";
import { teamWrites } from "../../../shared/github/team-writes.ts";
import { identityAuth } from "../../../shared/google-auth.ts";
import { sheetReader } from "../../../shared/sheets/read.ts";
import { sheetWriter } from "../../../shared/sheets/write.ts";
import type { Flow, Harness } from "../flow.ts";
import { type House, withoutRetries } from "../house.ts";
import type { Delivery } from "../strikes.ts";
import { appKey, endpoints, makeWorld, putSecret } from "../world.ts";
import { classOf } from "./members-classes.ts";
import { makeHub, settingsOf, spreadsheet, statusSpreadsheet, tab } from "./members-hub.ts";
import { membersRules } from "./members-rules.ts";
import { undosOf } from "./members-undo.ts";
import { whyRules } from "./members-why.ts";
import { servedSheets } from "./served-sheet.ts";
import { hub, organisation } from "./settings.ts";
import { shortLists } from "./short-lists.ts";
import { wordsOn } from "./words.ts";

const scope = "https://www.googleapis.com/auth/spreadsheets";
const auth = (more: string) => () => withoutRetries(identityAuth([`${scope}${more}`]));
const sheets = sheetReader({ endpoints, auth: auth(".readonly") });
const status = sheetWriter({ endpoints, auth: auth("") });

function worker(house: House) {
  const github = githubClient({
    endpoints,
    appId: 1,
    organisation,
    privateKey: () => house.secrets.read("github-app-key"),
    permissions: { members: "write" },
  });
  return house.worker(
    "sheet-changed",
    (event, run, delivery) =>
      syncMembers(event, run, delivery, {
        ...house,
        pause: async () => undefined,
        readSheet: sheets.readRows,
        readTeams: (slugs) => readTeams(github, organisation, slugs),
        resolveLogins: (logins) => resolveLogins(github, organisation, logins),
        writes: teamWrites(github, organisation),
        writeStatus: status.write,
      }),
    () => needed,
  );
}

export const syncMembersFlow: Flow = {
  name: "sync-members",
  async open(random, weather): Promise<Harness> {
    const world = await makeWorld({
      random,
      weather,
      settings: settingsOf(random),
      sheet: { id: spreadsheet, tab, status: statusSpreadsheet },
    });
    putSecret(world.folder, "github-app-key", appKey.privateKey);
    const github = githubFarEnd({ ...world, app: { id: 1, publicKeyPem: appKey.publicKey } });
    world.violations.push(github.violations);
    const people = makeHub(random, github, world.settings);
    people.seed();
    people.save(world.sheetFile);
    const words = wordsOn(world, "sync-members", `head/members/${hub}.json`);
    const undos = undosOf(world);
    const classes = await classOf(world, { random, people });
    const rules = membersRules(world, { people, github, words, undos, classes });
    const whys = whyRules(world, { people, words });
    world.strike.watch = (call) => {
      rules.watch(call);
      whys.watch(call);
    };
    world.strike.told = rules.told;
    const google = world.hosts.get("google.far");
    const served = (who: Delivery, cells: string[][]): void => {
      rules.served(who, cells);
      whys.served(who, cells);
    };
    if (google !== undefined) world.hosts.set("google.far", { fetch: servedSheets(google, served) });
    world.hosts.set("github.far", {
      fetch: shortLists(github, { random, world, listed: rules.listed }),
    });
    const events = (["edit", "push", "schedule", "person", "continue"] as const).map(
      (why) => ["sheet-changed", { v: 1, hub, why }] as const,
    );
    return {
      world,
      steps: [8, 26],
      workers: { "sync-members": worker },
      hint() {
        const undo = random.chance(0.1) ? undos.hint(random) : undefined;
        if (undo !== undefined) return undo;
        const [topic, event] = random.oneOf(events) ?? ["sheet-changed", { v: 1, hub, why: "schedule" }];
        const more = random.chance(0.1) ? { dryRun: true } : random.chance(0.05) ? { adopt: true } : {};
        return [topic, { ...event, ...more }];
      },
      edit() {
        const verdict = random.pick("approved", "approved", "rejected");
        if (random.chance(0.2) && words.say(verdict, () => random.chance(0.6)))
          return `says ${verdict} to a part of what is on hold`;
        rules.edited();
        const done = people.edit();
        people.save(world.sheetFile);
        return done;
      },
      calmed() {
        // So late, a run has seen the list as it was, in most worlds.
        const done = people.slip();
        if (done === "") return;
        world.timeline.note(`somebody ${done}`);
        rules.edited();
        people.save(world.sheetFile);
      },
      join() {
        people.join();
        people.save(world.sheetFile);
      },
      schedules: [{ everyMinutes: 15, hint: () => ["sheet-changed", { v: 1, hub, why: "schedule" }] }],
      settle() {
        const isBeheaded = people.isBeheaded();
        people.behead(false);
        people.save(world.sheetFile);
        const share = random.pick(0.5, 1, 1);
        const hasSaid = words.say(random.pick("approved", "approved", "rejected"), () =>
          random.chance(share),
        );
        // Takes looks of their own: the end of somebody's access, and what was done by hand, count when they were found twice, and a
        // move ends access to the old team once the new one is given.
        return hasSaid || isBeheaded ? 3 : 2;
      },
      moved: words.moved,
      foretold: {
        ask: (dryRun) => ["sheet-changed", { v: 1, hub, why: "person", ...(dryRun ? { dryRun } : {}) }],
        // Approved, a row counts as it is now, or a membership as ours: GitHub is not asked.
        ofPlan: (action) =>
          ["pair", "adopt"].includes(action.do) ? [] : `${action.do} ${action.about} ${action["team"]}`,
        ofEffect: (effect) => `${effect.do} ${effect["login"]} ${effect["team"]}`,
      },
      broken: async () => [...rules.broken(), ...whys.broken()],
      canaries: () => people.everybody().flatMap(({ login, email, name }) => [login, email, name]),
    };
  },
};
