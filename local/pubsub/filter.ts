// The filter language of a subscription (https://cloud.google.com/pubsub/docs/subscription-message-filter): a text becomes
// a predicate over a message's attributes, and what isn't grammatical is refused.
import { refusal } from "./refusal.ts";

export type Attributes = Record<string, string>;
export type Filter = (attributes: Attributes) => boolean;

const limitBytes = 256;
const token = /\s*(?:([A-Za-z_][\w-]*|\d[\w-]*)|("(?:[^"\\\n]|\\.)*")|(!=|[=:.,()-]))/y;

type Tokens = { peek: () => string | undefined; next: () => string | undefined };

/** Parses a filter; the empty text lets every message through. */
export function filterOf(text: string): Filter {
  if (text.trim() === "") return () => true;
  if (Buffer.byteLength(text) > limitBytes) throw invalid(`it is longer than ${limitBytes} bytes`);
  const tokens = tokensOf(text);
  const filter = expression(tokens);
  const rest = tokens.peek();
  if (rest === "AND" || rest === "OR") throw invalid("AND and OR are mixed without parentheses");
  if (rest !== undefined) throw invalid(`nothing may follow at ${rest}`);
  return filter;
}

function tokensOf(text: string): Tokens {
  const list: string[] = [];
  const trimmed = text.trimEnd();
  token.lastIndex = 0;
  while (token.lastIndex < trimmed.length) {
    const at = token.lastIndex;
    const match = token.exec(trimmed);
    if (match === null) throw invalid(`character ${at + 1} begins no word of the language`);
    list.push(match[0].trimStart());
  }
  let position = 0;
  return { peek: () => list[position], next: () => list[position++] };
}

/** Terms joined by one operator: mixing AND with OR needs parentheses. */
function expression(tokens: Tokens): Filter {
  const terms = [term(tokens)];
  const operator = tokens.peek();
  if (operator !== "AND" && operator !== "OR") return (attributes) => terms.every((t) => t(attributes));
  while (tokens.peek() === operator) {
    tokens.next();
    terms.push(term(tokens));
  }
  return operator === "AND"
    ? (attributes) => terms.every((t) => t(attributes))
    : (attributes) => terms.some((t) => t(attributes));
}

function term(tokens: Tokens): Filter {
  const first = tokens.next();
  switch (first) {
    case "NOT":
    case "-": {
      const inner = term(tokens);
      return (attributes) => !inner(attributes);
    }
    case "(": {
      const inner = expression(tokens);
      expect(tokens, ")");
      return inner;
    }
    case "hasPrefix":
      return prefix(tokens);
    case "attributes":
      return comparison(tokens);
    default:
      throw invalid(first === undefined ? "it ends too early" : `${first} isn't expected here`);
  }
}

function prefix(tokens: Tokens): Filter {
  expect(tokens, "(");
  expect(tokens, "attributes");
  expect(tokens, ".");
  const key = keyOf(tokens);
  expect(tokens, ",");
  const start = literal(tokens.next());
  expect(tokens, ")");
  return (attributes) => (attributes[key] ?? "").startsWith(start) && Object.hasOwn(attributes, key);
}

function comparison(tokens: Tokens): Filter {
  const separator = tokens.next();
  if (separator === ":") {
    const key = keyOf(tokens);
    return (attributes) => Object.hasOwn(attributes, key);
  }
  if (separator !== ".") throw invalid("after attributes comes . or :");
  const key = keyOf(tokens);
  const operator = tokens.next();
  if (operator !== "=" && operator !== "!=") throw invalid("a value is compared by = or !=");
  const value = literal(tokens.next());
  const equal = (attributes: Attributes): boolean =>
    Object.hasOwn(attributes, key) && attributes[key] === value;
  return operator === "=" ? equal : (attributes) => !equal(attributes);
}

function keyOf(tokens: Tokens): string {
  const key = tokens.next();
  if (key?.startsWith('"')) return literal(key);
  if (key === undefined || !/^[\w-]+$/.test(key)) throw invalid("a key is missing");
  return key;
}

function literal(text: string | undefined): string {
  if (text === undefined || !text.startsWith('"')) throw invalid("a value is a text in double quotes");
  return text
    .slice(1, -1)
    .replaceAll(/\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[0-7]{3}|.)/g, (_, code: string) => {
      if (/^[ux]./.test(code)) return String.fromCodePoint(Number.parseInt(code.slice(1), 16));
      if (/^[0-7]{3}$/.test(code)) return String.fromCodePoint(Number.parseInt(code, 8));
      return { n: "\n", t: "\t", r: "\r" }[code] ?? code;
    });
}

function expect(tokens: Tokens, wanted: string): void {
  const found = tokens.next();
  if (found !== wanted) throw invalid(`${wanted} is missing${found === undefined ? "" : ` before ${found}`}`);
}

const invalid = (why: string) => refusal("INVALID_ARGUMENT", `Invalid filter: ${why}.`);
