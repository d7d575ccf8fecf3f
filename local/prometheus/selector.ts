// The part of PromQL that is asked for: one selector of series, `name{label="value",other=~"regex"}`. All else is refused.

export type Matcher = { label: string; op: "=" | "!=" | "=~" | "!~"; value: string };

/** The matchers of a selector; undefined for what is none. */
export function parseSelector(promql: string): Matcher[] | undefined {
  const whole = /^\s*([a-zA-Z_:][\w:]*)?\s*(?:\{([\s\S]*)\})?\s*$/.exec(promql);
  if (whole === null || promql.trim() === "") return undefined;
  const [, name, inside = ""] = whole;
  const matchers: Matcher[] = name === undefined ? [] : [{ label: "__name__", op: "=", value: name }];
  const one = /\s*([a-zA-Z_]\w*)\s*(=~|!~|!=|=)\s*"((?:[^"\\]|\\.)*)"\s*(,|$)/y;
  while (one.lastIndex < inside.length) {
    const found = one.exec(inside);
    if (found === null) return undefined;
    const [, label = "", op = "=", value = ""] = found;
    matchers.push({ label, op: op as Matcher["op"], value: value.replace(/\\(.)/g, "$1") });
  }
  // As Prometheus: a selector must name something.
  return matchers.some(
    ({ op, value }) => (op === "=" && value !== "") || (op === "=~" && !matches("", value)),
  )
    ? matchers
    : undefined;
}

export const selects = (matchers: readonly Matcher[], labels: Record<string, string>): boolean =>
  matchers.every(({ label, op, value }) => {
    const is = labels[label] ?? "";
    if (op === "=" || op === "!=") return (is === value) === (op === "=");
    return matches(is, value) === (op === "=~");
  });

const matches = (text: string, regex: string): boolean => new RegExp(`^(?:${regex})$`).test(text);
