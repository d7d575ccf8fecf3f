// Work of a machine's programs on one object, in place of rclone and the mover: one only adds, the other does what its line of the list
// says, under the same conditions.
import * as z from "zod";

const Writing = z.object({
  size: z.number(),
  md5: z.string().optional(),
  generation: z.string().optional(),
});
const Line = z.object({ name: z.string(), replace: Writing.optional(), delete: Writing.optional() });
export type Task = z.infer<typeof Line>;

/** Object of Cloud Storage, as far as it names a writing. */
const Resource = z.object({ size: z.string(), md5Hash: z.string(), generation: z.string() });

/** Calls Cloud Storage as the machine. */
type Call = (method: string, path: string, body?: string) => Promise<Response>;

/** Reads what rclone and the mover are to do with a list. */
export const tasksIn = (copied: string, moved: string): Task[] => [
  ...copied
    .split("\n")
    .slice(0, -1)
    .map((name) => ({ name })),
  ...moved
    .split("\n")
    .slice(0, -1)
    .map((line) => Line.parse(JSON.parse(line))),
];

/** Does what is to be done with an object, at its name in the target's bucket. `read` gives the source's content. */
export async function carry(
  call: Call,
  { bucket, name, task }: { bucket: string; name: string; task: Task },
  read: () => Promise<string | undefined>,
): Promise<void> {
  const at = `/storage/v1/b/${bucket}/o/${encodeURIComponent(name)}`;
  const named = task.replace ?? task.delete;
  const found = named === undefined ? undefined : await call("GET", at);
  const there = found?.ok === true ? Resource.parse(await found.json()) : undefined;
  const isNamed = named !== undefined && there !== undefined && isSame(named, there);
  if (task.delete !== undefined) {
    if (isNamed) await call("DELETE", `${at}?ifGenerationMatch=${there.generation}`);
    return;
  }
  const text = await read();
  if (text === undefined) return;
  const generation = isNamed ? there.generation : "0";
  const query = `uploadType=media&ifGenerationMatch=${generation}&name=${encodeURIComponent(name)}`;
  await call("POST", `/upload/storage/v1/b/${bucket}/o?${query}`, text);
}

/** Of what is not as it was named, nothing is lost. */
function isSame(named: z.infer<typeof Writing>, there: z.infer<typeof Resource>): boolean {
  const md5 = Buffer.from(there.md5Hash, "base64").toString("hex");
  return named.size === Number(there.size) && (named.md5 === md5 || named.generation === there.generation);
}
