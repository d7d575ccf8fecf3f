// A plan of any flow as a table: what is done, what is held and why, what it costs, and what could not be understood.
import { html } from "hono/html";
import type { HeldPlanLine } from "../../../shared/control.ts";
import type { StoredPlan } from "../../../shared/flow/plan.ts";
import { costLines } from "../../../shared/transfers/words.ts";
import type { Html } from "../frame/frame.ts";
import { counted } from "../frame/words.ts";

type Shown = StoredPlan["actions"][number];

/** Place of a person's choice among what is held: the form that the ticks belong to, and what was said of each that still waits. */
export type Choice = { form: string; verdicts: HeldPlanLine["verdicts"] };

/** Makes the tables of a plan. `goesOn` says what becomes of the actions that are not held, `refusedWord` what is so of entries without one. */
export function planTable(
  plan: StoredPlan,
  of: { goesOn?: string; choice?: Choice; refusedWord?: string } = {},
): Html {
  const { actions, held, refused, cost } = plan;
  const { goesOn = "planned", choice, refusedWord = "that cannot be used" } = of;
  if (actions.length + held.length + refused.length === 0)
    return html`<p class="nothing"><span aria-hidden="true">✓</span> Nothing to change.</p>`;
  return html`${held.length === 0 ? "" : actionTable(`${counted(held.length, "change")} on hold`, held, { kind: "held", choice })}
${actions.length === 0 ? "" : actionTable(`${counted(actions.length, "change")} ${goesOn}`, actions, { kind: "actions" })}
${costLines(cost).map((line) => html`<p>${line}</p>`)}
${
  refused.length === 0
    ? ""
    : html`<table class="list"><caption>${counted(refused.length, "entry", "entries")} ${refusedWord}</caption><thead><tr><th scope="col">Where</th><th scope="col">Says</th><th scope="col">Why not</th><th scope="col">Perhaps</th></tr></thead><tbody>${refused.map(
        ({ about, value, why, suggestion }) =>
          html`<tr><td><code>${about}</code></td><td>${value ?? ""}</td><td>${why}</td><td>${suggestion ?? ""}</td></tr>`,
      )}</tbody></table>`
}`;
}

function actionTable(
  caption: string,
  actions: Shown[],
  { kind, choice }: { kind: "held" | "actions"; choice?: Choice | undefined },
): Html {
  return html`<table class="list ${kind}"><caption>${caption}</caption><thead><tr>${choice === undefined ? "" : html`<th scope="col">Your word</th>`}<th scope="col">What</th><th scope="col">Who or what</th><th scope="col">Details</th><th scope="col">Why</th></tr></thead><tbody>${actions.map(
    (action) =>
      html`<tr${choice === undefined ? "" : html` id="${choice.form}-${action["hash"]}"`}>${choice === undefined ? "" : tick(action, choice)}<td class="do ${action.do}">${action.do.replaceAll("-", " ")}</td><td><b>${action.about}</b></td><td>${detailsOf(action)}</td><td>${action.why}${action.at === undefined ? "" : html` <code>${action.at}</code>`}</td></tr>`,
  )}</tbody></table>`;
}

/** One held change's tick: set while nobody has said anything, and none at all where it waits no more. */
function tick(action: Shown, { form, verdicts }: Choice): Html {
  const hash = String(action["hash"]);
  if (!Object.hasOwn(verdicts, hash)) return html`<td><span class="quiet">no longer waits</span></td>`;
  const said = verdicts[hash];
  return html`<td><input type="checkbox" name="only" value="${hash}" form="${form}" aria-label="${action.do} ${action.about}"${said === null ? html` checked` : ""}> ${said === null ? "" : html`<span class="badge ${said === "rejected" ? "failed" : "done"}">${said}</span>`}</td>`;
}

/** Gives what a flow says of an action beyond what every flow says. */
function detailsOf({
  do: _,
  about: __,
  why: ___,
  at: ____,
  hash: _____,
  because: ______,
  ...rest
}: Shown): Html {
  const facts = Object.entries(rest).flatMap(([name, value]) =>
    [value].flat().map((each): [string, unknown] => [name, each]),
  );
  return html`${facts.map(([name, value]) =>
    typeof value === "string" || typeof value === "number"
      ? html`<span class="fact"><span class="quiet">${name}</span> ${String(value)}</span> `
      : "",
  )}`;
}
