// Page for a person when the console does not do what was asked: what, why, and what to do.
import { html } from "hono/html";
import type { Explanation } from "../../../shared/errors.ts";
import { type Html, type Page, withCode } from "./frame.ts";

const firstPage = html`<p><a class="more" href="/">Go to the first page</a></p>`;

/** `then` is what the page offers to do. */
export function problemPage(explanation: Explanation, then: Html = firstPage): Page {
  const { what, why, next } = explanation;
  const main = html`<h1>${what.charAt(0).toUpperCase()}${what.slice(1)}</h1>
<p class="lead">${why.charAt(0).toUpperCase()}${why.slice(1)}.</p>
<p class="next"><b>What to do</b> ${withCode(next)}</p>
${then}`;
  return { title: what, here: "elsewhere", main, polls: false };
}
