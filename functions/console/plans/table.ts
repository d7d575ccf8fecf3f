// A plan as a table: what is done, what is held, and what could not be understood.
import { html } from "hono/html";
import type { MemberAction, MembersPlan } from "../../../shared/records.ts";
import type { Html } from "../frame/frame.ts";
import { counted } from "../frame/words.ts";

const words: Record<MemberAction["do"], string> = {
  invite: "invite",
  add: "add",
  remove: "remove",
  "cancel-invitation": "cancel the invitation of",
};

export function planTable(plan: MembersPlan, goesOn = "planned"): Html {
  const { actions, held, rejected } = plan;
  if (actions.length + held.length + rejected.length === 0)
    return html`<p class="nothing"><span aria-hidden="true">✓</span> Nothing to change.</p>`;
  return html`${held.length === 0 ? "" : actionTable(`${counted(held.length, "change")} on hold`, held, "held")}
${actions.length === 0 ? "" : actionTable(`${counted(actions.length, "change")} ${goesOn}`, actions, "actions")}
${
  rejected.length === 0
    ? ""
    : html`<table class="list"><caption>${counted(rejected.length, "cell")} that cannot be used</caption><thead><tr><th scope="col">Cell</th><th scope="col">Says</th><th scope="col">Why not</th><th scope="col">Perhaps</th></tr></thead><tbody>${rejected.map(
        ({ cell, value, why, suggestion }) =>
          html`<tr><td><code>${cell}</code></td><td>${value}</td><td>${why}</td><td>${suggestion ?? ""}</td></tr>`,
      )}</tbody></table>`
}`;
}

function actionTable(caption: string, actions: MemberAction[], kind: "held" | "actions"): Html {
  return html`<table class="list ${kind}"><caption>${caption}</caption><thead><tr><th scope="col">What</th><th scope="col">Who</th><th scope="col">Team</th><th scope="col">Why</th></tr></thead><tbody>${actions.map(
    ({ do: what, login, team, why }) =>
      html`<tr><td class="do ${what}">${words[what]}</td><td><b>${login}</b></td><td>${team}</td><td>${why}</td></tr>`,
  )}</tbody></table>`;
}
