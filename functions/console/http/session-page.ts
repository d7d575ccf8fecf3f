// Page where a browser gets its session: a person types the key, or the script types it from behind the # of the printed address.
import { html } from "hono/html";
import type { Explanation } from "../../../shared/errors.ts";
import type { Html, Page } from "../frame/frame.ts";
import { problemPage } from "../frame/problem.ts";

/** The form alone; `to` is the page that was wanted. */
const signIn = (to: string): Html => html`<form id="sign-in" class="who" method="post" action="/session">
<label for="token">The console’s token</label>
<input id="token" name="token" type="password" required autocomplete="off" spellcheck="false" maxlength="200">
<input type="hidden" name="to" value="${to}">
<button class="main">Sign in</button>
</form>`;

export const sessionPage = (to: string): Page => ({
  title: "Sign in",
  here: "elsewhere",
  main: html`<h1>Sign in</h1>
<p class="lead">The address that the console printed when it started brings its token along, behind the #.</p>
${signIn(to)}`,
  polls: false,
});

/** Told to whoever came without a session, or with another token. */
export const noSessionPage = (explanation: Explanation, to: string): Page =>
  problemPage(explanation, signIn(to));
