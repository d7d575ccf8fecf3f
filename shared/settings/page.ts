// docs/settings.md: every setting with its kind, its default and its sentence, from the same schema that checks the file.
import * as z from "zod";
import { Settings } from "../settings.ts";

const Node = z.looseObject({
  type: z.string().optional(),
  description: z.string().optional(),
  default: z.json().optional(),
  enum: z.array(z.string()).optional(),
  const: z.string().optional(),
  format: z.string().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  required: z.array(z.string()).optional(),
  get properties() {
    return z.record(z.string(), Node).optional();
  },
  get additionalProperties() {
    return z.union([z.boolean(), Node]).optional();
  },
  get items() {
    return Node.optional();
  },
  get oneOf() {
    return z.array(Node).optional();
  },
  get anyOf() {
    return z.array(Node).optional();
  },
});
type Node = z.infer<typeof Node>;

type Section = { title: string; about: string | undefined; rows: string[] };

const head = `# Settings

One file, \`groundcrew.yaml\`, holds everything that a team decides. [groundcrew.example.yaml](../groundcrew.example.yaml) is one to start
from; editors complete it by the line \`# yaml-language-server: $schema=groundcrew.schema.json\`, and \`npx groundcrew config check\` names line and
column of what is wrong. Secrets are never in it. This page is written by \`npm run schema\` from \`shared/settings.ts\`.
`;

/** The page, as Markdown. */
export function settingsPage(): string {
  const root = Node.parse(z.toJSONSchema(Settings, { io: "input", target: "draft-7" }));
  const sections: Section[] = [];
  section("The installation", root, sections);
  return `${head}${sections.map(written).join("")}`;
}

const written = ({ title, about, rows }: Section): string => `
## ${title}

${[...(about === undefined ? [] : [about]), ...(rows.length === 0 ? [] : [tableOf(rows)])].join("\n\n")}
`;

const tableOf = (rows: readonly string[]): string => `| setting | value | default | what it does |
| --- | --- | --- | --- |
${rows.join("\n")}`;

/** A section a level of the file down to a hub's; what is deeper stands in its section's table. */
function section(title: string, node: Node, sections: Section[]): void {
  const rows: string[] = [];
  const own: Section = { title, about: node.description, rows };
  sections.push(own);
  for (const [key, child] of Object.entries(node.properties ?? {})) {
    const byName = namedChild(child);
    const name = title === "The installation" ? key : `${title}.${key}`;
    if (byName?.properties !== undefined && title === "The installation")
      section(`${key}.<name>`, byName, sections);
    else if (child.properties !== undefined && title.split(".").length < 3) section(name, child, sections);
    else rows.push(...rowsOf(key, child, node.required?.includes(key) === true));
  }
  if (rows.length === 0 && own.about === undefined) sections.splice(sections.indexOf(own), 1);
}

function rowsOf(key: string, node: Node, required: boolean): string[] {
  const row = (value: string, fallback: string) =>
    `| \`${key}\` | ${value} | ${fallback} | ${cell(node.description ?? "")} |`;
  if (node.properties !== undefined)
    return [
      row("", ""),
      ...Object.entries(node.properties).flatMap(([name, child]) =>
        rowsOf(`${key}.${name}`, child, node.required?.includes(name) === true),
      ),
    ];
  const byName = namedChild(node);
  const kinds = byName?.oneOf ?? byName?.anyOf ?? (byName?.properties === undefined ? undefined : [byName]);
  if (kinds !== undefined)
    return [
      row("by name", required ? "**needed**" : ""),
      ...kinds.flatMap((kind) => {
        const { kind: which, ...rest } = kind.properties ?? {};
        return Object.entries(rest).flatMap(([name, child]) =>
          rowsOf(
            `${key}.<name>.${name}${which?.const === undefined ? "" : ` (${which.const})`}`,
            child,
            kind.required?.includes(name) === true,
          ),
        );
      }),
    ];
  const { properties, required: wanted = [] } = node.items ?? {};
  return [
    row(properties === undefined ? cell(kindOf(node)) : "a list", defaultOf(node, required)),
    ...Object.entries(properties ?? {}).flatMap(([name, child]) =>
      rowsOf(`${key}[].${name}`, child, wanted.includes(name)),
    ),
  ];
}

function namedChild(node: Node): Node | undefined {
  return typeof node.additionalProperties === "object" ? node.additionalProperties : undefined;
}

function kindOf(node: Node): string {
  if (node.enum !== undefined) return node.enum.map((each) => `\`${each}\``).join(", ");
  if (node.type === "array") return `a list: ${node.items === undefined ? "" : kindOf(node.items)}`;
  const named = namedChild(node);
  if (named !== undefined) return `by name: ${kindOf(named)}`;
  if (node.type === "integer" || node.type === "number")
    return `${node.type === "integer" ? "a whole number" : "a number"}${range(node)}`;
  if (node.format === "uri") return "an address (URL)";
  if (node.format === "email") return "a mail address";
  if (node.format === "date") return "a date, YYYY-MM-DD";
  return "a text";
}

function range({ minimum, exclusiveMinimum, maximum }: Node): string {
  const least = minimum ?? exclusiveMinimum;
  const most = maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum;
  if (least === undefined) return "";
  const from = exclusiveMinimum === undefined ? `from ${least}` : `above ${least}`;
  return most === undefined ? `, ${from}` : `, ${from} to ${most}`;
}

function defaultOf(node: Node, required: boolean): string {
  if (node.default === undefined) return required ? "**needed**" : "none";
  return `\`${cell(typeof node.default === "string" ? node.default : JSON.stringify(node.default))}\``;
}

/** Within a table a bar would end the cell. */
const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");
