// Counts the saves of each sheet's file, by its content: a file saved unchanged is no new version. Remembers up to which
// version the watchers were told, and which sheets are in the trash as they know it: what changes during a crash is told after it.
import { createHash } from "node:crypto";
import * as z from "zod";
import { readPersonFile } from "../sample/person-file.ts";
import type { State } from "../wire/state.ts";
import { kindsFile } from "./typed-cells.ts";

const Row = z.object({ hash: z.string(), version: z.number(), told: z.number() });

export type Version = { version: number; told: number };

export type Versions = {
  /** Looks at the file; undefined when it cannot be read. */
  look: (spreadsheetId: string, file: string) => Version | undefined;
  told: (spreadsheetId: string, version: number) => void;
  /** Tells whether the sheet is in the trash, as its watchers know it. */
  toldTrashed: (spreadsheetId: string) => boolean;
  tellsTrashed: (spreadsheetId: string, trashed: boolean) => void;
};

export function versions(state: State): Versions {
  state.exec(
    "CREATE TABLE IF NOT EXISTS sheet_version (id TEXT PRIMARY KEY, hash TEXT NOT NULL, version INTEGER NOT NULL, told INTEGER NOT NULL)",
  );
  state.exec("CREATE TABLE IF NOT EXISTS sheet_trash (id TEXT PRIMARY KEY)");
  const inTrash = state.prepare("SELECT id FROM sheet_trash WHERE id = ?");
  const trash = state.prepare("INSERT OR IGNORE INTO sheet_trash VALUES (?)");
  const restore = state.prepare("DELETE FROM sheet_trash WHERE id = ?");
  const select = state.prepare("SELECT hash, version, told FROM sheet_version WHERE id = ?");
  // The first look is no save: nobody is told of it.
  const store = state.prepare(
    "INSERT INTO sheet_version VALUES (:id, :hash, 1, 1) ON CONFLICT (id) DO UPDATE SET hash = :hash, version = version + 1",
  );
  const tell = state.prepare("UPDATE sheet_version SET told = max(told, ?) WHERE id = ?");

  return {
    look(id, file) {
      const read = readPersonFile(file);
      if ("problem" in read) return undefined;
      const kinds = readPersonFile(kindsFile(file));
      const sum = createHash("sha256").update(read.bytes);
      const hash = ("bytes" in kinds ? sum.update(kinds.bytes) : sum).digest("hex");
      const known = Row.optional().parse(select.get(id));
      if (known?.hash === hash) return known;
      store.run({ id, hash });
      return Row.parse(select.get(id));
    },
    told(id, version) {
      tell.run(version, id);
    },
    toldTrashed: (id) => inTrash.get(id) !== undefined,
    tellsTrashed(id, trashed) {
      (trashed ? trash : restore).run(id);
    },
  };
}
