// The part of PromQL that is asked for: one selector of series, `name{label="value",other=~"regex"}`. All else is no selector here, and
// so is a text or a pattern that Prometheus's languages, Go and RE2, read otherwise than JavaScript, or not at all.
// https://prometheus.io/docs/prometheus/latest/querying/basics/#string-literals

export type Matcher = { label: string; op: "=" | "!=" | "=~" | "!~"; value: string };

/** Gives the matchers of a selector; undefined for what is none here, "wrong" for what is no PromQL at all. */
export function parseSelector(promql: string): Matcher[] | "wrong" | undefined {
  const whole = /^\s*([a-zA-Z_:][\w:]*)?\s*(?:\{([\s\S]*)\})?\s*$/.exec(promql);
  if (promql.trim() === "" || /^[^{}]*\{[^}]*$/.test(promql)) return "wrong";
  if (whole === null) return undefined;
  const [, name, inside = ""] = whole;
  const matchers: Matcher[] = name === undefined ? [] : [{ label: "__name__", op: "=", value: name }];
  const one = /\s*([a-zA-Z_]\w*)\s*(=~|!~|!=|=)\s*"((?:[^"\\\n]|\\["\\])*)"\s*(,|$)/y;
  while (one.lastIndex < inside.length) {
    const found = one.exec(inside);
    if (found === null) return undefined;
    const [, label = "", op = "=", text = ""] = found;
    const value = text.replace(/\\(.)/g, "$1");
    const isOurs = !op.endsWith("~") || isPattern(value);
    if (!isOurs || (label === "__name__" && name !== undefined)) return undefined;
    matchers.push({ label, op: op as Matcher["op"], value });
  }
  // As Prometheus: a selector must name something.
  return matchers.some(
    ({ op, value }) => (op === "=" && value !== "") || (op === "=~" && !matches("", value)),
  )
    ? matchers
    : "wrong";
}

export const selects = (matchers: readonly Matcher[], labels: Record<string, string>): boolean =>
  matchers.every(({ label, op, value }) => {
    const is = labels[label] ?? "";
    if (op === "=" || op === "!=") return (is === value) === (op === "=");
    return matches(is, value) === (op === "=~");
  });

/** Tells whether a pattern means one thing to RE2 and to JavaScript (https://github.com/google/re2/wiki/Syntax). */
function isPattern(regex: string): boolean {
  if (/\(\?(?!:)|\\[^.+*?()[\]{}|\\^$/-]|\[\[?[:^]?\]|\[:/.test(regex)) return false;
  try {
    return matches("", regex) !== undefined;
  } catch {
    return false;
  }
}

const matches = (text: string, regex: string): boolean => new RegExp(`^(?:${regex})$`, "s").test(text);
