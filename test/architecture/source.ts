// Reads the project's own sources with TypeScript's scanner: code without comments and without what strings say, the
// strings by themselves, and what each file imports. Nothing here judges.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { SyntaxKind } from "typescript/unstable/ast";
import { createScanner } from "typescript/unstable/ast/scanner";

/** The folder of the project. */
export const root = fileURLToPath(new URL("../../", import.meta.url));

export type Import = {
  /** A path from the root for a file of ours, else the package's or Node's name as written. */
  to: string;
  /** `load` when the file is loaded, `use` by import() at first use, `type` never. */
  when: "load" | "use" | "type";
  line: number;
};
export type Text = { says: string; start: number; line: number };
export type Source = { file: string; text: string; code: string; texts: Text[]; imports: Import[] };
type Token = { kind: SyntaxKind; text: string; start: number; end: number };

/** Every TypeScript file in these rooms; a room that is not there has none. */
export function sourcesOf(...rooms: string[]): Source[] {
  return rooms
    .flatMap((room) => filesOf(room))
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts"))
    .map((file) => readSource(file, readFileSync(join(root, file), "utf8")));
}

/** The files in a folder of the project, by their paths from the root. */
export function filesOf(folder: string): string[] {
  try {
    return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.parentPath.includes("node_modules"))
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
      .sort();
  } catch {
    return [];
  }
}

/** One file, taken apart. */
export function readSource(file: string, text: string): Source {
  const tokens = tokensOf(text);
  let code = "";
  let at = 0;
  for (const token of tokens) {
    // Space and comments lie between tokens.
    code += blank(text.slice(at, token.start));
    code += isText(token.kind) ? emptied(token.text) : token.text;
    at = token.end;
  }
  code += blank(text.slice(at));
  const texts = tokens
    .filter(({ kind }) => isText(kind))
    .map((token) => ({
      says: token.text.replace(/^["'`}]|["'`]$|\$\{$/g, ""),
      start: token.start,
      line: lineAt(text, token.start),
    }));
  return { file, text, code, texts, imports: importsOf(file, text, tokens) };
}

/** Counted from 1. */
export const lineAt = (text: string, index: number): number => text.slice(0, index).split("\n").length;

/** Finds an expression in the code, with file and line. Comments and strings neither hide one nor look like one. */
export function findIn({ file, code }: Source, pattern: RegExp): { at: string; found: string }[] {
  return [...code.matchAll(pattern)].map((match) => ({
    at: `${file}:${lineAt(code, match.index)}`,
    found: match[0].trim(),
  }));
}

const blank = (text: string): string => text.replace(/[^\n]/g, " ");
const emptied = (text: string): string => `${text[0]}${blank(text.slice(1, -1))}${text.at(-1)}`;

const textKinds = new Set<SyntaxKind>([
  SyntaxKind.StringLiteral,
  SyntaxKind.NoSubstitutionTemplateLiteral,
  SyntaxKind.TemplateHead,
  SyntaxKind.TemplateMiddle,
  SyntaxKind.TemplateTail,
]);
const isText = (kind: SyntaxKind): boolean => textKinds.has(kind);

/** After these a slash divides; after anything else it begins a regular expression. */
const ends = new Set<SyntaxKind>([
  SyntaxKind.Identifier,
  SyntaxKind.NumericLiteral,
  SyntaxKind.CloseParenToken,
  SyntaxKind.CloseBracketToken,
  SyntaxKind.CloseBraceToken,
  SyntaxKind.ThisKeyword,
  ...textKinds,
]);

function tokensOf(text: string): Token[] {
  const scanner = createScanner(true);
  scanner.setText(text);
  const tokens: Token[] = [];
  // Braces that are open, true for those of a template.
  const open: boolean[] = [];
  for (let kind = scanner.scan(); kind !== SyntaxKind.EndOfFile; kind = scanner.scan()) {
    const before = tokens.at(-1)?.kind;
    const divides = before !== undefined && ends.has(before);
    if ((kind === SyntaxKind.SlashToken || kind === SyntaxKind.SlashEqualsToken) && !divides)
      kind = scanner.reScanSlashToken();
    if (kind === SyntaxKind.OpenBraceToken) open.push(false);
    if (kind === SyntaxKind.TemplateHead) open.push(true);
    if (kind === SyntaxKind.CloseBraceToken && open.pop() === true) {
      kind = scanner.reScanTemplateToken(false);
      if (kind === SyntaxKind.TemplateMiddle) open.push(true);
    }
    const [start, end] = [scanner.getTokenStart(), scanner.getTokenEnd()];
    tokens.push({ kind, text: text.slice(start, end), start, end });
  }
  return tokens;
}

function importsOf(file: string, text: string, tokens: Token[]): Import[] {
  const found: Import[] = [];
  const add = (from: Token | undefined, when: Import["when"]): void => {
    if (from?.kind !== SyntaxKind.StringLiteral) return;
    const name = from.text.slice(1, -1);
    const to = name.startsWith(".") ? normalize(join(dirname(file), name)) : name;
    found.push({ to, when, line: lineAt(text, from.start) });
  };
  for (const [index, token] of tokens.entries()) {
    const next = tokens[index + 1];
    if (token.text !== "import" && token.text !== "export") continue;
    if (token.text === "import" && next?.text === "(") {
      // Within a type, as in typeof import("x"), nothing is loaded.
      add(tokens[index + 2], tokens[index - 1]?.text === "typeof" ? "type" : "use");
      continue;
    }
    if (token.text === "import" && next?.kind === SyntaxKind.StringLiteral) {
      add(next, "load");
      continue;
    }
    const typed = next?.text === "type" && /^(?:\{|\*|\w+$)/.test(tokens[index + 2]?.text ?? "");
    const clause =
      token.text === "import"
        ? next?.text !== "."
        : /^[{*]$/.test((typed ? tokens[index + 2] : next)?.text ?? "");
    if (!clause) continue;
    const rest = tokens.slice(index + 1, index + 200);
    const from = rest.findIndex(
      ({ text: word }, i) => word === "from" && rest[i + 1]?.kind === SyntaxKind.StringLiteral,
    );
    const end = rest.findIndex(({ text: word }) => word === ";");
    if (from !== -1 && (end === -1 || from < end)) add(rest[from + 1], typed ? "type" : "load");
  }
  return found;
}
