// A payload as it is first shown: who it is about stays hidden until somebody asks. Only words of our own go through.
const harmless = new Set(["hub", "why"]);

/** A copy with every text hidden but hub and reason; of an address, the domain stays. */
export function masked(value: unknown, key = ""): unknown {
  if (Array.isArray(value)) return value.map((each) => masked(each, key));
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, masked(each, name)]));
  if (typeof value !== "string" || (harmless.has(key) && /^[a-z][a-z0-9-]{0,19}$/.test(value))) return value;
  const domain = /^[^@\s]+@([\w.-]+)$/.exec(value)?.[1];
  return domain === undefined ? `••• (${value.length} characters)` : `•••@${domain}`;
}

/** Tells whether hiding changes anything, so that nobody is offered to show what is shown. */
export function hides(value: unknown): boolean {
  return JSON.stringify(masked(value)) !== JSON.stringify(value);
}
