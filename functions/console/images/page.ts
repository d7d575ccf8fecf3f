// Images: on which release each hub's references are, how many it has let pass, and what is proposed.
import { html } from "hono/html";
import type { ImagesLine } from "../../../shared/control.ts";
import {
  button,
  explained,
  flash,
  type Html,
  liveRegion,
  type Page,
  type View,
  when,
} from "../frame/frame.ts";
import { counted } from "../frame/words.ts";

type Seen = NonNullable<ImagesLine["seen"]>;
type Row = {
  image: string;
  tag: string;
  behind?: number | undefined;
  left?: string | undefined;
  places: { file: string; lines: number[] }[];
};

const statuses: Record<Seen["status"], { word: string; kind: string }> = {
  current: { word: "nothing to move", kind: "done" },
  planned: { word: "planned", kind: "past" },
  proposed: { word: "proposed", kind: "held" },
  waiting: { word: "waiting for the images", kind: "held" },
  held: { word: "on hold", kind: "held" },
  ignored: { word: "turned down", kind: "past" },
  "hands-off": { word: "somebody’s branch", kind: "held" },
};

export function imagesPage(view: View, lines: ImagesLine[], key: string | undefined): Page {
  const spoken = lines.map(({ hub, seen }) => `${hub}: ${seen?.sentence ?? "not looked at yet"}`).join("; ");
  const main = html`${liveRegion(spoken)}
<h1>Images</h1>
${flash(key)}
${lines.length === 0 ? html`<p>No hub has images in groundcrew.yaml: add <code>images</code> to it.</p>` : lines.map((line) => hubOf(view, line))}`;
  return { title: "Images", here: "images", main, polls: true };
}

function hubOf(view: View, { hub, upstream, files, seen, unreadable }: ImagesLine): Html {
  return html`<section class="images" aria-labelledby="images-${hub}">
<h2 id="images-${hub}">${hub} ${seen === undefined ? "" : html`<span class="badge ${statuses[seen.status].kind}">${statuses[seen.status].word}</span>`}</h2>
<p class="quiet">${files} in ${upstream}${seen === undefined ? "" : html` · last change seen ${when(seen.at, view.now)}`}</p>
${unreadable === undefined ? "" : explained(unreadable)}
${seen === undefined ? (unreadable === undefined ? html`<p>Nobody has looked at them yet.</p>` : "") : seenOf(view, hub, seen)}
<div class="row">${button(view, { to: "/flows/bump-image/run", word: "Look for a new release now", kind: "quiet" })}<a class="more" href="/runs?flow=bump-image">All its runs</a></div>
</section>`;
}

function seenOf(view: View, hub: string, seen: Seen): Html {
  const { sentence, proposal, refs, releases, unread, evidence } = seen;
  const rows = grouped(refs);
  const newest = releases[0] ?? "";
  return html`<p class="lead">${sentence}${proposal === undefined ? html`</p>` : proposalOf(view, hub, proposal, seen)}
<table class="list"><caption>${counted(refs.length, "reference")}${newest === "" ? "" : html`; the newest release is <b>${newest}</b>`}</caption><thead><tr><th scope="col">Image</th><th scope="col">Is on</th><th scope="col">How far behind</th><th scope="col">Where</th></tr></thead><tbody>${rows.map(
    (row) =>
      html`<tr><td class="title"><b>${row.image}</b></td><td><code>${row.tag === "" ? "no tag" : row.tag}</code></td><td>${track(row.behind, releases.length)} ${distance(row.behind)}${row.left === undefined ? "" : html`<span class="trigger quiet">left alone: ${row.left}</span>`}</td><td>${row.places.map(({ file, lines }) => html`<span class="trigger"><code>${file.split("/").at(-1)}</code> line ${lines.join(", ")}</span>`)}</td></tr>`,
  )}</tbody></table>
${
  unread.length === 0
    ? ""
    : html`<p>Files that could not be read:</p><ul>${unread.map(({ file, why }) => html`<li><code>${file}</code>: ${why}</li>`)}</ul>`
}
${evidence.length === 0 ? "" : evidenceOf(seen)}`;
}

/** Ends the sentence's paragraph, with what can be done about the proposal. */
function proposalOf(
  view: View,
  hub: string,
  { tag, url, number }: NonNullable<Seen["proposal"]>,
  { status }: Seen,
): Html {
  if (status === "ignored" || status === "current") return html`</p>`;
  const older = status === "proposed" ? "" : html` ${tag} is proposed meanwhile.`;
  if (!view.sample)
    return html`${older} <a href="${url}">${number === undefined ? "Open it on GitHub" : `Pull request ${number}`}</a></p>`;
  if (number === undefined) return html`${older}</p>`;
  const to = `/images/${hub}/pulls/${number}`;
  return html`${older}</p><div class="row">${button(view, { to: `${to}/merge`, word: "Merge it, as the operator would" })}${button(view, { to: `${to}/close`, word: "Close it: not this release", kind: "quiet" })}</div>`;
}

/** The same image on the same tag, with all its places. */
function grouped(refs: Seen["refs"]): Row[] {
  const rows = new Map<string, Row>();
  for (const { image, tag, file, line, behind, left } of refs) {
    const key = JSON.stringify([image, tag, left]);
    const row: Row = rows.get(key) ?? { image, tag, behind, left, places: [] };
    const place = row.places.find((each) => each.file === file);
    if (place === undefined) row.places.push({ file, lines: [line] });
    else place.lines.push(line);
    rows.set(key, row);
  }
  return [...rows.values()].sort((a, b) => (b.behind ?? -1) - (a.behind ?? -1));
}

const distance = (behind: number | undefined): string => {
  if (behind === undefined) return "no release";
  return behind === 0 ? "the newest" : `${counted(behind, "release")} behind`;
};

const shownReleases = 8;
const step = 14;

/** Releases as dots, the newest to the right; the filled one is where the reference is. The words beside it say the same. */
function track(behind: number | undefined, releases: number): Html {
  if (releases === 0) return html``;
  const count = Math.min(releases, shownReleases);
  const width = count * step;
  const at = behind === undefined ? undefined : Math.max(0, count - 1 - behind);
  const x = (index: number): number => index * step + step / 2;
  return html`<svg class="track ${behind === 0 ? "newest" : "older"}" width="${width}" height="16" viewBox="0 0 ${width} 16" aria-hidden="true"><line x1="${x(0)}" y1="8" x2="${x(count - 1)}" y2="8"></line>${at === undefined ? "" : html`<line class="way" x1="${x(at)}" y1="8" x2="${x(count - 1)}" y2="8"></line>`}${Array.from(
    { length: count },
    (_, index) =>
      html`<circle class="${index === at ? "here" : ""}" cx="${x(index)}" cy="8" r="${index === at ? 5 : 2.5}"></circle>`,
  )}</svg>`;
}

function evidenceOf({ evidence }: Seen): Html {
  const bad = evidence.some(
    ({ tagDigest, buildDigest }) => tagDigest === undefined || tagDigest !== buildDigest,
  );
  return html`<details${bad ? html` open` : ""}><summary>Are they what the release’s commit built?</summary><table class="list"><caption class="unseen">Digests of the images</caption><thead><tr><th scope="col">Image</th><th scope="col">Digest of the release</th><th scope="col">Digest of its build</th><th scope="col">Agree</th></tr></thead><tbody>${evidence.map(
    ({ image, tag, build, tagDigest, buildDigest }) =>
      html`<tr><td class="title">${image}</td><td><code>${tag}</code> <code class="hash">${short(tagDigest)}</code></td><td><code>${build}</code> <code class="hash">${short(buildDigest)}</code></td><td>${tagDigest !== undefined && tagDigest === buildDigest ? html`<span class="badge done">yes</span>` : html`<span class="badge held">no</span>`}</td></tr>`,
  )}</tbody></table></details>`;
}

const short = (digest: string | undefined): string =>
  digest === undefined ? "not there" : `${digest.slice(0, 19)}…`;
