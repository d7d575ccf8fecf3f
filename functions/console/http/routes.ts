// Means that the pages of one thing get to add their addresses to the site.
import type { Context, Hono } from "hono";
import type { ConsoleContext } from "../context.ts";
import type { Page, View } from "../frame/frame.ts";
import type { Answer, GuardedEnv } from "./guard.ts";

export type C = Context<GuardedEnv>;

/** The only fields that forms have; anything else is dropped. */
export type Form = Record<string, string>;

export type Routes = {
  app: Hono<GuardedEnv>;
  context: ConsoleContext;
  view: (c: C) => View;
  /** Answers with the page, or with what has changed in it since the poll before. */
  show: (c: C, page: Page, status?: 200 | 409 | 422) => Promise<Response>;
  /** Reads a form that one of our pages sent; anything else is answered, not read. `all` has fields that come more than once. */
  form: (path: string, act: (c: C, fields: Form, all: URLSearchParams) => Promise<Response>) => void;
  answer: Answer;
};

/** To another of our pages: the browser asks for it anew, and going back sends no form twice. */
export const to = (c: C, path: string): Response => c.redirect(path, 303);
