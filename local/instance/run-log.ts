// Turns written run records into lines for people, and gathers those of one pass.
import type { Run } from "../../shared/records.ts";

/** `log` gets one line a finished run: time, function, what became of it. */
export function runLog(log: (line: string) => void) {
  let read: (name: string) => Promise<Run | undefined> = async () => undefined;
  let gathering: Promise<Run | undefined>[] | undefined;
  return {
    readFrom(reader: typeof read): void {
      read = reader;
    },
    written(name: string): void {
      if (!name.startsWith("runs/")) return;
      const run = read(name);
      gathering?.push(run);
      run.then(
        (record) =>
          record !== undefined && log(`${record.startedAt.slice(11, 19)}  ${record.flow}: ${record.title}`),
        () => undefined,
      );
    },
    begin(): () => Promise<Run[]> {
      const mine: Promise<Run | undefined>[] = [];
      gathering = mine;
      return async () => {
        gathering = undefined;
        return (await Promise.all(mine)).filter((run) => run !== undefined);
      };
    },
  };
}
