// Cuts a client's description of its messages (protobuf.js's JSON) down to what some of its services can send and receive.
import * as z from "zod";

/** A namespace, service, message or enum; whatever else it holds is kept as it is. */
type Node = {
  nested?: Record<string, Node> | undefined;
  methods?: Record<string, { requestType: string; responseType: string }> | undefined;
  fields?: Record<string, { type: string; keyType?: string | undefined }> | undefined;
  [other: string]: unknown;
};
const Node: z.ZodType<Node> = z.looseObject({
  get nested() {
    return z.record(z.string(), Node).optional();
  },
  methods: z
    .record(z.string(), z.looseObject({ requestType: z.string(), responseType: z.string() }))
    .optional(),
  fields: z
    .record(z.string(), z.looseObject({ type: z.string(), keyType: z.string().optional() }))
    .optional(),
});

/** The JSON of the same tree with only these services of one package and the types that they lead to. */
export function reachable(json: string, wanted: { version: string; services: readonly string[] }): string {
  const root = Node.parse(JSON.parse(json));
  const kept = new Set<string>();
  const waiting = wanted.services.map((service) => `${wanted.version}.${service}`);
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (kept.has(name)) continue;
    const node = find(root, name);
    if (node === undefined) throw new Error(`the client's protos.json has no ${name} any more`);
    kept.add(name);
    for (const type of typesOf(node)) {
      const found = resolve(root, type, name);
      if (found !== undefined) waiting.push(found);
    }
  }
  return JSON.stringify(pruned(root, "", kept), (key, value) =>
    key === "comment" || key === "comments" ? undefined : value,
  );
}

const typesOf = ({ methods = {}, fields = {} }: Node): string[] => [
  ...Object.values(methods).flatMap(({ requestType, responseType }) => [requestType, responseType]),
  ...Object.values(fields).map(({ type }) => type),
];

const find = (root: Node, name: string): Node | undefined =>
  name.split(".").reduce<Node | undefined>((node, part) => node?.nested?.[part], root);

/** The full name of a type as it is spelt inside `scope`; undefined for protobuf's own plain types. */
function resolve(root: Node, type: string, scope: string): string | undefined {
  const parts = scope.split(".");
  for (let length = parts.length; length >= 0; length -= 1) {
    const name = [...parts.slice(0, length), type.replace(/^\./, "")].join(".");
    if (find(root, name) !== undefined) return name;
  }
  return undefined;
}

/** The tree with only the kept nodes and the namespaces above them. */
function pruned(node: Node, name: string, kept: ReadonlySet<string>): Node {
  const { nested, ...own } = node;
  const below = Object.entries(nested ?? {})
    .map(([part, child]) => ({ part, child, path: name === "" ? part : `${name}.${part}` }))
    .filter(({ path }) => [...kept].some((one) => one === path || one.startsWith(`${path}.`)))
    .map(({ part, child, path }) => [part, pruned(child, path, kept)] as const);
  return below.length === 0 ? own : { ...own, nested: Object.fromEntries(below) };
}
