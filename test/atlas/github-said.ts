// Form in which the entries of GitHub's atlas are written down.
import { type Entry, type Recorded, reads } from "./entry.ts";

/** Calls of ours that meet an answer: as the App, and as the machine account. */
export type Call =
  | "installation"
  | "access-token"
  | "invitation-list"
  | "teams"
  | "logins"
  | "invite"
  | "add-to-team"
  | "remove-from-team"
  | "withdraw"
  | "own-name"
  | "make-fork"
  | "catch-up"
  | "commit"
  | "make-branch"
  | "move-branch"
  | "list-pulls"
  | "open-pull"
  | "update-pull"
  | "upstream"
  | "tags"
  | "files";
export type GithubEntry = Entry<Call>;

const json = { "content-type": "application/json; charset=utf-8" };

/** A body as GitHub wrote it, with the headers that count. */
export const said = (status: number, body: unknown, headers: Record<string, string> = {}): Recorded => ({
  status,
  headers: { ...json, ...headers },
  body: JSON.stringify(body),
});

export const html = (status: number, body: string, headers: Record<string, string> = {}): Recorded => ({
  status,
  headers: { "content-type": "text/html; charset=utf-8", ...headers },
  body,
});

type Words = [cause: string, why: string, next: RegExp, waitSeconds?: number];
const github = reads("github");
export const lasting = (...words: Words) => github("lasting", ...words);
export const settling = (...words: Words) => github("settling", ...words);
export const transient = (...words: Words) => github("transient", ...words);

export const itself = /^nothing: it is tried again by itself; .*https:\/\/www\.githubstatus\.com$/;
