// Words for people: the pull request's title and text, and the team's messages. Words that somebody else wrote stand in code
// spans, where they mention nobody.
import type { EventOf } from "../../shared/events.ts";
import type { ImageEvidence } from "../../shared/images/records.ts";
import type { FileEdit, Reading } from "./edit.ts";
import { absent, isBuilt } from "./image-check.ts";
import { markOf } from "./mark.ts";

type Notice = EventOf<"notice">;

/** GitHub's limit on a text. */
const maximumCharacters = 65_536;
const maximumLines = 150;

export type Proposal = {
  hub: string;
  target: string;
  /** The repository of the releases. */
  releases: string;
  reading: Pick<Reading, "edits" | "left" | "unread">;
  evidence: ImageEvidence[];
};

/** As people have titled these changes: "[leap] Bump pangeo images from `2024.10.26` to `2025.01.24`". */
export function titleOf({ hub, target, reading }: Proposal): string {
  const before = fromOf(reading.edits);
  const from = before.length === 1 ? ` from ${before[0]}` : "";
  return `[${hub}] Bump images${from} to ${target}`;
}

/** Gives the releases that references are on now, oldest first. */
export const fromOf = (edits: readonly Pick<FileEdit, "moved">[]): string[] =>
  [...new Set(edits.flatMap(({ moved }) => moved.map(({ from }) => from)))].sort();

export function bodyOf({ target, releases, reading, evidence }: Proposal): string {
  const oldest = fromOf(reading.edits)[0] ?? target;
  const compare = `https://github.com/${releases}/compare/${oldest}...${target}`;
  const parts = [
    `Moves the images that are on an older release to ${code(target)}, and the labels that name it. Nothing else in these files is touched.`,
    section(
      "What moves",
      reading.edits.flatMap(({ path, moved }) => [
        `- ${code(path)}`,
        ...moved.map(
          ({ line, image, from, to, label }) =>
            `  - line ${line}: ${code(image)} ${code(from)} → ${code(to)}${label ? ", with its label" : ""}`,
        ),
      ]),
    ),
    section("What was left as it is", [
      ...reading.left.map(
        ({ file, line, image, tag, why }) =>
          `- ${code(`${file}:${line}`)}: ${code(tag === "" ? image : `${image}:${tag}`)}, because ${plain(why)}`,
      ),
      ...reading.unread.map(({ file, why }) => `- ${code(file)} as a whole, because ${plain(why)}`),
    ]),
    section("Evidence", evidence.map(evidenceLine)),
    `What has changed in the images: ${compare}`,
    `This branch is written anew when a newer release comes or the files change; a commit of somebody else on it stops that. Closing this without merging means no to ${code(target)}.`,
    markOf(target),
  ];
  const text = parts.filter((part) => part !== "").join("\n\n");
  return text.length <= maximumCharacters
    ? text
    : `${text.slice(0, maximumCharacters - 200)}\n\n(cut)\n\n${markOf(target)}`;
}

function section(title: string, lines: string[]): string {
  if (lines.length === 0) return "";
  const more = lines.length - maximumLines;
  const shown = more > 0 ? [...lines.slice(0, maximumLines), `- and ${more} more lines`] : lines;
  return `### ${title}\n\n${shown.join("\n")}`;
}

/** Writes the line of an image. A proposed image that is not as built was approved: whoever merges it is told so. */
function evidenceLine(evidence: ImageEvidence): string {
  const { image, tag, build, tagDigest = absent, buildDigest = absent } = evidence;
  const what = code(`${image}:${tag}`);
  return isBuilt(evidence)
    ? `- ${what} is the build of the tagged commit (${code(build)}): both are ${code(tagDigest)}`
    : `- ${what} is **not** shown to be the build of the tagged commit: it is ${code(tagDigest)}, and the build (${code(build)}) is ${code(buildDigest)}. The hub's team has approved it as it is`;
}

/** In a code span nothing is a mention, a link or a tag. */
const code = (text: string): string => `\`${plain(text).replaceAll("`", "'")}\``;
const plain = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}]/gu, " ").replaceAll("@", "(at)");

/** GitHub's own page for opening a pull request, filled in. */
export function openLink(of: {
  upstream: string;
  base: string;
  fork: string;
  branch: string;
  title: string;
}): string {
  const [owner, repo] = of.fork.split("/");
  const query = new URLSearchParams({ expand: "1", title: of.title });
  return `https://github.com/${of.upstream}/compare/${of.base}...${owner}:${repo}:${of.branch}?${query}`;
}

export const proposedNotice = (of: {
  hub: string;
  key: string;
  url: string;
  target: string;
  count: number;
  byHand: boolean;
}): Notice => ({
  v: 1,
  hub: of.hub,
  key: of.key,
  to: "team",
  link: of.url,
  subject: `${of.hub}: images ${of.target} ${of.byHand ? "are ready to be proposed" : "are proposed"}`,
  text: `Hello,

${of.count === 1 ? "one reference moves" : `${of.count} references move`} to ${of.target}. ${of.byHand ? "Open this address and press the button there to open the pull request:" : "The pull request:"}

  ${of.url}

It is kept up to date until it is merged or closed; closing it unmerged means no to ${of.target}.
`,
});

export const heldNotice = (of: {
  hub: string;
  key: string;
  target: string;
  evidence: ImageEvidence[];
  /** The plan that waits, by its hash. */
  plan: string;
}): Notice => ({
  v: 1,
  hub: of.hub,
  key: of.key,
  to: "team",
  subject: `${of.hub}: images ${of.target} are on hold`,
  text: `Hello,

the release ${of.target} is not proposed, because these images are not what its commit built:

${of.evidence
  .filter((each) => !isBuilt(each))
  .map(
    ({ image, tag, build, tagDigest = absent, buildDigest = absent }) =>
      `  ${image}\n    ${tag}: ${tagDigest}\n    ${build} (its build): ${buildDigest}`,
  )
  .join("\n")}

They are looked at again every hour; once they agree, the pull request opens by itself. If they never do, tell the people who
make the images: the tag may hold an older build. To have it proposed as it is: open the console, Plans, or type

  npx groundcrew bump approve ${of.plan} --hub ${of.hub}
`,
});

export const handsOffNotice = (of: { hub: string; key: string; target: string; branch: string }): Notice => ({
  v: 1,
  hub: of.hub,
  key: of.key,
  to: "team",
  subject: `${of.hub}: the branch for ${of.target} is left alone`,
  text: `Hello,

the branch ${of.branch} of the fork has a commit that is not ours, so ${of.target} was not written to it.

Merge or close its pull request, or delete the branch: the next look at the releases goes on by itself.
`,
});
