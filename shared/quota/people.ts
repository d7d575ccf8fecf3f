// Owners of homes. A folder's name cannot be read back: two logins can share one spelling, and hashes do not turn round. So every
// login is spelt forward in the hub's scheme and met with the folders. Where two meet on one, neither gets it.
import { hash } from "node:crypto";

export type Scheme = "legacy" | "safe";

/** A login as KubeSpawner spells it in a path. https://jupyterhub-kubespawner.readthedocs.io/en/latest/templates.html */
export function folderOf(login: string, scheme: Scheme): string {
  const name = login.toLowerCase();
  return scheme === "legacy" ? legacy(name) : safe(name);
}

/** Each byte outside a-z and 0-9 becomes -xx. */
function legacy(name: string): string {
  return [...Buffer.from(name, "utf8")]
    .map((byte) =>
      /[a-z0-9]/.test(String.fromCharCode(byte))
        ? String.fromCharCode(byte)
        : `-${byte.toString(16).padStart(2, "0")}`,
    )
    .join("");
}

const safeLength = 48;
const hashLength = 8;

/** As it is where it is plain, else a stem and eight digits of a hash (kubespawner/slugs.py). */
function safe(name: string): string {
  const plain = /^[a-z][a-z0-9-]*$/.test(name) && !name.includes("--") && !name.endsWith("-");
  if (plain && name.length <= safeLength) return name;
  const stemLength = safeLength - hashLength - 3;
  const digits = hash("sha256", name).slice(0, hashLength);
  let stem = name
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+/, "")
    .slice(0, stemLength)
    .replace(/-+$/, "");
  if (!/^[a-z]/.test(stem)) stem = stem === "" ? "x" : `x-${stem.slice(0, stemLength - 2)}`;
  return `${stem}---${digits}`;
}

export type Person = { login: string; email: string };
export type Owners = {
  of: ReadonlyMap<string, Person>;
  /** Folders that two logins could have. */
  disputed: ReadonlySet<string>;
};

/** Folder -> person, by every login's own spelling. */
export function ownersOf(people: readonly Person[], scheme: Scheme): Owners {
  const of = new Map<string, Person>();
  const disputed = new Set<string>();
  for (const person of people) {
    const folder = folderOf(person.login, scheme);
    const known = of.get(folder);
    if (known !== undefined && known.login.toLowerCase() !== person.login.toLowerCase()) disputed.add(folder);
    else of.set(folder, person);
  }
  for (const folder of disputed) of.delete(folder);
  return { of, disputed };
}
