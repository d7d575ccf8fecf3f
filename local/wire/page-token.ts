// Tokens of pages, as lists of several far ends give them: what the page begins after, unreadable for people. Pure.

/** Gives the token of the page that begins after this. */
export const tokenAfter = (name: string): string => Buffer.from(name).toString("base64url");

/** Reads where a page begins, off a token that a page before gave; undefined for one that is none. */
export function afterToken(token: string): string | undefined {
  const text = Buffer.from(token, "base64url").toString();
  return text !== "" && tokenAfter(text) === token ? text : undefined;
}
