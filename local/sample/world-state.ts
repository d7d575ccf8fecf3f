// The database of a sample hub, as one process has it for itself. The database is the lock, too: a file that is nothing but a lock can
// be deleted while it holds, and then two instances work on one folder. The system ends the lock with the process, however that ends.
import { accessSync, constants, existsSync, readdirSync, statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import * as z from "zod";
import { codeOf } from "../../shared/errors.ts";
import { codeOfState, openState, type State } from "../wire/state.ts";
import { damaged, instanceError, type WorldFolder } from "./world.ts";

/** Opens the database for this process alone. One that lost what the ledger still tells of is refused: all would be done once more. */
export function takeState(world: WorldFolder): State {
  const { root, state: file } = world;
  if (existsSync(file) && !statSync(file).isFile())
    throw damaged(root, "its .groundcrew/state.db is not a file", `move it away and ${putBack}`);
  const closed = notWritable(world);
  if (closed !== undefined)
    throw instanceError({
      what: `the sample hub in ${root} cannot be written`,
      why: `the system allows no writing in ${closed.path} (${closed.code})`,
      next: "give yourself the right to write there, or name another folder: --world <dir>",
    });
  if (sizeOf(file) === 0 && hasRecords(world))
    throw damaged(root, "its .groundcrew/state.db is missing or empty, and the ledger is not", putBack);
  let state: State | undefined;
  try {
    state = openState(file, { alone: true });
    if (isWhole(state)) return state;
  } catch (error) {
    state?.close();
    const code = codeOfState(error);
    if (code === "busy") throw alreadyRunning();
    if (code !== "damaged") throw error;
  }
  if (state?.isOpen) state.close();
  throw damaged(root, "its .groundcrew/state.db is no whole database any more", putBack);
}

const putBack =
  "put it back from a copy, state.db-wal with it where there is one; or delete the folder and start again";

/** Looks at every page: a page that is damaged would otherwise be met in the middle of the work. */
const isWhole = (state: State): boolean =>
  z.object({ quick_check: z.literal("ok") }).safeParse(state.prepare("PRAGMA quick_check(1)").get()).success;

/** Finds the first of what each run writes that may not be written: in the middle of the work only its vendor would be told. */
function notWritable({ root, own, state, ledger, mailbox, slackLog }: WorldFolder) {
  for (const path of [root, own, state, ledger, mailbox, slackLog].filter((each) => existsSync(each)))
    try {
      accessSync(path, constants.W_OK);
    } catch (error) {
      return { path, code: codeOf(error) };
    }
  return undefined;
}

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

const hasRecords = ({ ledger }: WorldFolder): boolean =>
  existsSync(ledger) &&
  readdirSync(ledger, { recursive: true, withFileTypes: true }).some((entry) => entry.isFile());

const alreadyRunning = () =>
  instanceError({
    what: "this sample hub is already running",
    why: "another instance holds its folder",
    next: "use that one (its address: npx groundcrew doctor), stop it, or name another folder: --world <dir>",
  });

/** Tells whether an instance runs on the folder now. */
export function isHeld({ state: file }: WorldFolder): boolean {
  if (sizeOf(file) === 0) return false;
  let state: DatabaseSync | undefined;
  try {
    state = new DatabaseSync(file, { readOnly: true });
    state.exec("PRAGMA busy_timeout = 0; SELECT count(*) FROM sqlite_master");
    return false;
  } catch (error) {
    return codeOfState(error) === "busy";
  } finally {
    state?.close();
  }
}
