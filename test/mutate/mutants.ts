// Makes mutants of a file: each is the file with one small thing changed that some test ought to see. The syntax tree says where,
// so that each of them can be loaded.
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type ArrayLiteralExpression,
  type BinaryExpression,
  isArrayLiteralExpression,
  isAwaitExpression,
  isBinaryExpression,
  isCallExpression,
  isConditionalExpression,
  isExpressionStatement,
  isIfStatement,
  isPrefixUnaryExpression,
  isPropertyAccessExpression,
  isStringLiteral,
  type Node,
  SyntaxKind,
} from "typescript/unstable/ast";
import { API } from "typescript/unstable/sync";
import { lineAt } from "../architecture/source.ts";

export type Mutant = {
  file: string;
  line: number;
  /** Place in the file of what is shown. */
  at: number;
  /** The declaration of the file in which it stands. */
  within: string;
  /** Text that stands there, in one line. */
  from: string;
  to: string;
  /** The whole file, changed. */
  text: string;
};

/** Change of one piece of the text, shown with the piece around it. */
type Change = { start: number; end: number; to: string; shown: [start: number, end: number] };

const operators: Record<string, string> = {
  "&&": "||",
  "||": "&&",
  "<": "<=",
  "<=": "<",
  ">": ">=",
  ">=": ">",
  "===": "!==",
  "!==": "===",
  "+": "-",
  "-": "+",
  "*": "/",
  "/": "*",
  "??=": "=",
};
const names = new Map([
  ["some", "every"],
  ["every", "some"],
  ["min", "max"],
  ["max", "min"],
]);

/** Gives every mutant of each of the files, by paths from the root. */
export function mutantsOf(root: string, files: readonly string[]): Map<string, Mutant[]> {
  const folder = mkdtempSync(join(tmpdir(), "groundcrew-trees-"));
  const config = join(folder, "tsconfig.json");
  // Reads the files alone: nothing that they import, no types.
  const compilerOptions = { noLib: true, noResolve: true, types: [], allowImportingTsExtensions: true };
  writeFileSync(config, JSON.stringify({ compilerOptions, files: files.map((file) => join(root, file)) }));
  const api = new API({ cwd: folder });
  try {
    const [project] = api.updateSnapshot({ openProject: config }).getProjects();
    return new Map(
      files.map((file) => {
        const tree = project?.program.getSourceFile(join(root, file));
        if (tree === undefined) throw new Error(`${file} is not there: mend the list of what guards`);
        return [file, mutantsIn(file, readFileSync(join(root, file), "utf8"), tree)];
      }),
    );
  } finally {
    api.close();
    rmSync(folder, { recursive: true });
  }
}

/** Chooses so many, in turn from each declaration. What is chosen in one does not depend on what stands in another. */
export function chosenOf(mutants: readonly Mutant[], count: number): Mutant[] {
  const rank = ({ within, from, to }: Mutant): string =>
    createHash("sha256").update(`${within}\n${from}\n${to}`).digest("hex");
  const groups = Object.values(Object.groupBy(mutants, ({ within }) => within)).map((group = []) =>
    group.map((mutant) => ({ mutant, rank: rank(mutant) })).sort((a, b) => (a.rank < b.rank ? -1 : 1)),
  );
  const inTurn = groups.flatMap((group) => group.map((each, turn) => ({ ...each, turn })));
  return inTurn
    .sort((a, b) => a.turn - b.turn || (a.rank < b.rank ? -1 : 1))
    .slice(0, count)
    .map(({ mutant }) => mutant)
    .sort((a, b) => a.line - b.line);
}

function mutantsIn(file: string, text: string, tree: Node): Mutant[] {
  const found: Mutant[] = [];
  tree.forEachChild((declaration) => {
    const head = textOf(declaration, text);
    const within = /(?:function\*?|const|let) (\w+)/.exec(head)?.[1] ?? "";
    const walk = (node: Node): void => {
      if (isUntouched(node, text)) return;
      for (const { start, end, to, shown } of changesOf(node, text)) {
        const [from, until] = shown;
        found.push({
          file,
          line: lineAt(text, start),
          at: from,
          within,
          from: oneLine(text.slice(from, until)),
          to: oneLine(text.slice(from, start) + to + text.slice(end, until)),
          text: text.slice(0, start) + to + text.slice(end),
        });
      }
      node.forEachChild(walk);
    };
    walk(declaration);
  });
  return found;
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, " ");

/** Types are gone when the code runs; what a run tells of its steps is words. */
const isUntouched = (node: Node, text: string): boolean =>
  (node.kind >= SyntaxKind.FirstTypeNode && node.kind <= SyntaxKind.LastTypeNode) ||
  node.kind === SyntaxKind.TypeAliasDeclaration ||
  node.kind === SyntaxKind.ImportDeclaration ||
  /^(?:if \(\w+\) )?(?:work\.)?run\.step\(/.test(textOf(node, text));

function changesOf(node: Node, text: string): Change[] {
  const replace = (part: Node, to: string, until = node.end): Change => ({
    start: part.getStart(),
    end: part.end,
    to,
    shown: [node.getStart(), until],
  });
  if (isIfStatement(node))
    return ["true", "false"].map((to) => replace(node.expression, to, node.expression.end + 1));
  if (isConditionalExpression(node))
    return ["true", "false"].map((to) => replace(node.condition, to, node.condition.end));
  if (isBinaryExpression(node)) return binaryChanges(node, text, replace);
  if (isPrefixUnaryExpression(node))
    return node.operator === SyntaxKind.ExclamationToken ? [replace(node, textOf(node.operand, text))] : [];
  if (node.kind === SyntaxKind.TrueKeyword || node.kind === SyntaxKind.FalseKeyword) {
    const to = node.kind === SyntaxKind.TrueKeyword ? "false" : "true";
    return [{ ...replace(node, to), shown: [node.parent.getStart(), node.parent.end] }];
  }
  if (isExpressionStatement(node)) {
    const { expression } = node;
    return isCallExpression(expression) || isAwaitExpression(expression) ? [replace(node, "{}")] : [];
  }
  if (isCallExpression(node) && isPropertyAccessExpression(node.expression)) {
    const { name } = node.expression;
    const other = names.get(textOf(name, text));
    return other === undefined ? [] : [replace(name, other)];
  }
  return isArrayLiteralExpression(node) ? arrayChanges(node) : [];
}

const textOf = (node: Node, text: string): string => text.slice(node.getStart(), node.end);

function binaryChanges(
  node: BinaryExpression,
  text: string,
  replace: (part: Node, to: string) => Change,
): Change[] {
  const operator = textOf(node.operatorToken, text);
  if (operator === "??") {
    // A default of what an index gives may be for the compiler alone.
    const isIndexed = /\](?:$|\?\.)/.test(textOf(node.left, text));
    return isIndexed ? [] : [{ ...replace(node.right, ""), start: node.left.end, end: node.right.end }];
  }
  const other = operators[operator];
  const isWords = operator === "+" && /["'`]/.test(textOf(node, text));
  return other === undefined || isWords ? [] : [replace(node.operatorToken, other)];
}

/** Drops one word of a list of words, each in turn. */
function arrayChanges(whole: ArrayLiteralExpression): Change[] {
  const { elements } = whole;
  if (elements.length < 2 || !elements.every(isStringLiteral)) return [];
  return elements.map((element, index) => {
    const next = elements[index + 1];
    const start = next === undefined ? (elements[index - 1]?.end ?? element.pos) : element.getStart();
    return { start, end: next?.getStart() ?? element.end, to: "", shown: [whole.getStart(), whole.end] };
  });
}
