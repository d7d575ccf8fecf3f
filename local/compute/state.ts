// Which machines and operations there are, in the sample hub's database: they outlive the process that keeps them.
import { randomInt } from "node:crypto";
import * as z from "zod";
import type { State } from "../wire/state.ts";

const Body = z.record(z.string(), z.json());
const Json = z.string().transform((text) => Body.parse(JSON.parse(text)));

const InstanceRow = z.object({
  id: z.string(),
  zone: z.string(),
  name: z.string(),
  status: z.string(),
  createdAt: z.string(),
  body: Json,
  /** The process group; 0 before there is one. */
  pid: z.number(),
  preempted: z.number(),
});
const MaybeInstance = InstanceRow.optional();
export type Instance = z.infer<typeof InstanceRow>;

const OperationRow = z.object({
  id: z.string(),
  name: z.string(),
  zone: z.string(),
  kind: z.enum(["insert", "delete"]),
  target: z.string(),
  requestId: z.string(),
  status: z.enum(["RUNNING", "DONE"]),
  at: z.string(),
  error: z
    .string()
    .nullable()
    .transform((code) => code ?? undefined),
  user: z.string(),
});
const MaybeOperation = OperationRow.optional();
export type Operation = z.infer<typeof OperationRow>;

export const newId = (): string => `${randomInt(1, 9)}${String(randomInt(0, 10 ** 14)).padStart(15, "0")}`;

/** `before` is called before what is there changes. */
export function computeState(state: State, before: () => void) {
  state.exec(`
    CREATE TABLE IF NOT EXISTS compute_instance (
      id TEXT NOT NULL, zone TEXT NOT NULL, name TEXT NOT NULL, status TEXT NOT NULL, createdAt TEXT NOT NULL,
      body TEXT NOT NULL, pid INTEGER NOT NULL, preempted INTEGER NOT NULL, PRIMARY KEY (zone, name)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS compute_operation (
      id TEXT PRIMARY KEY, name TEXT NOT NULL, zone TEXT NOT NULL, kind TEXT NOT NULL, target TEXT NOT NULL,
      requestId TEXT NOT NULL, status TEXT NOT NULL, at TEXT NOT NULL, error TEXT, user TEXT NOT NULL) WITHOUT ROWID`);
  const one = state.prepare("SELECT * FROM compute_instance WHERE zone = ? AND (name = ? OR id = ?)");
  const all = state.prepare("SELECT * FROM compute_instance ORDER BY zone, name");
  const put = state.prepare(
    "INSERT INTO compute_instance VALUES (:id, :zone, :name, :status, :createdAt, :body, :pid, :preempted)",
  );
  const set = state.prepare("UPDATE compute_instance SET status = ?, pid = ?, preempted = ? WHERE id = ?");
  const drop = state.prepare("DELETE FROM compute_instance WHERE id = ?");
  const putOperation = state.prepare(
    "INSERT INTO compute_operation VALUES (:id, :name, :zone, :kind, :target, :requestId, :status, :at, :error, :user)",
  );
  const endOperation = state.prepare("UPDATE compute_operation SET status = 'DONE', error = ? WHERE id = ?");
  const endOperations = state.prepare(
    "UPDATE compute_operation SET status = 'DONE' WHERE status = 'RUNNING'",
  );
  const byName = state.prepare("SELECT * FROM compute_operation WHERE zone = ? AND (name = ? OR id = ?)");
  const byRequest = state.prepare("SELECT * FROM compute_operation WHERE requestId = ? AND requestId <> ''");
  const operations = state.prepare("SELECT * FROM compute_operation ORDER BY at, id");
  return {
    /** Finds one by its name or its id, as Google does; no name begins with a digit. */
    find: (zone: string, name: string): Instance | undefined =>
      MaybeInstance.parse(one.get(zone, name, name)),
    all: (): Instance[] => all.all().map((row) => InstanceRow.parse(row)),
    put(instance: Instance): void {
      before();
      put.run({ ...instance, body: JSON.stringify(instance.body) });
    },
    set(id: string, to: Pick<Instance, "status" | "pid" | "preempted">): void {
      before();
      set.run(to.status, to.pid, to.preempted, id);
    },
    drop(id: string): void {
      before();
      drop.run(id);
    },
    begin: (operation: Operation): void =>
      void putOperation.run({ ...operation, error: operation.error ?? null }),
    end: (id: string, error?: string): void => void endOperation.run(error ?? null, id),
    /** Ends all that are under way, as done. */
    endAll: (): void => void endOperations.run(),
    operation: (zone: string, name: string): Operation | undefined =>
      MaybeOperation.parse(byName.get(zone, name, name)),
    operationOf: (requestId: string): Operation | undefined => MaybeOperation.parse(byRequest.get(requestId)),
    operations: (): Operation[] => operations.all().map((row) => OperationRow.parse(row)),
  };
}
