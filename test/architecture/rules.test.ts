// Rules about single lines that no linter checks. A rule that fails names file and line and says what to write instead;
// each exception stands here with its reason, and one that is not needed any more fails too.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { eventNames } from "../../shared/events.ts";
import { functionNames, functions } from "../../shared/functions.ts";
import { filesOf, findIn, lineAt, root, type Source, sourcesOf } from "./source.ts";

const production = sourcesOf("shared", "functions");
const everything = [...production, ...sourcesOf("local", "cli", "infra", "bench")];
const in_ = (...rooms: string[]): Source[] =>
  everything.filter(({ file }) => rooms.includes(file.split("/", 1)[0] ?? ""));

const clock = /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\.now\b|\bset(?:Timeout|Interval|Immediate)\b/g;
const chance = /\bMath\.random\b|\brandom(?:UUID|Bytes|Int)\b|\bgetRandomValues\b/g;
const outside = /\bprocess\.\w+|\bconsole\.\w+/g;

/** Files that break the rule on purpose: with what, and why. */
const allowed: Record<string, [RegExp, string]> = {
  "shared/clock.ts": [/Date/, "is the clock"],
  "shared/delivery/compose.ts": [/process\.stdout/, "gives the log its stream; called by index.ts alone"],
  "shared/delivery/library-lines.ts": [/console\./, "replaces what libraries print with"],
  "shared/bus/publish.ts": [/setTimeout/, "ends a call of a vendor's client, which lives by real time"],
  "shared/storage-client.ts": [/setTimeout/, "ends a call of a vendor's client, which lives by real time"],
  "shared/storage-pages.ts": [/setTimeout/, "ends a call, which lives by real time"],
  "shared/storage-retries.ts": [/setTimeout/, "pauses as that client does before it asks again"],
  "shared/delivery/push-token.ts": [/Date\.now/, "a default, for a token lives by real time"],
  "shared/delivery/raw-body.ts": [
    /setTimeout/,
    "gives up a body that does not come, and a connection lives by real time",
  ],
  "shared/secrets.ts": [/Date\.now/, "a default, for a value is kept for real time"],
  "shared/ledger.ts": [/randomUUID/, "a default for the mark of a write"],
  "shared/delivery/recorder.ts": [/performance\.now/, "measures how long a run took, and decides nothing"],
  "functions/console/transfers/transfers.ts": [
    /randomBytes/,
    "makes the id of a request that a person has just typed",
  ],
};

describe("clock, randomness, environment and console", () => {
  test("come in at the edges and are arguments everywhere else", () => {
    const wrong = production
      .filter(({ file }) => !/^functions\/[^/]+\/index\.ts$/.test(file))
      .flatMap((source) => [clock, chance, outside].flatMap((pattern) => findIn(source, pattern)))
      .filter(({ at, found }) => allowed[at.split(":", 1)[0] ?? ""]?.[0].test(found) !== true);
    expect(wrong.map(({ at, found }) => `${at} has ${found}. Take it as an argument from index.ts.`)).toEqual(
      [],
    );
  });

  test("each exception is still one", () => {
    const stale = Object.entries(allowed).filter(([file, [pattern]]) => {
      const source = production.find((one) => one.file === file);
      return source === undefined || !pattern.test(source.code);
    });
    expect(stale.map(([file]) => `${file} needs no exception any more: take it off the list.`)).toEqual([]);
  });

  test("the sample hub reads no environment of the machine's but where it starts a process, and prints nothing", () => {
    const edges =
      /^local\/(?:run\/thread|compute\/rclone|pubsub\/alone|discovery\/cut|github\/schema\/cut)\.ts$/;
    const wrong = in_("local")
      .filter(({ file }) => !edges.test(file))
      .flatMap((source) => findIn(source, /\bprocess\.(?:env|argv|stdout|stderr)\b|\bconsole\.\w+/g));
    expect(
      wrong.map(({ at, found }) => `${at} has ${found}. Take it as an option of startInstance.`),
    ).toEqual([]);
  });
});

describe("decide.ts", () => {
  test("is pure and synchronous, and so is all that it loads", () => {
    const queue = production.filter(({ file }) => file.endsWith("/decide.ts")).map(({ file }) => file);
    expect(queue.length).toBeGreaterThanOrEqual(5);
    const wrong: string[] = [];
    for (const file of new Set(queue).values()) {
      const source = production.find((one) => one.file === file);
      if (source === undefined) continue;
      for (const { to, when, line } of source.imports) {
        if (when === "type") continue;
        if (to.endsWith(".ts") && !queue.includes(to)) queue.push(to);
        if (/^node:/.test(to) && !["node:crypto", "node:buffer"].includes(to))
          wrong.push(`${file}:${line} imports ${to}`);
      }
      const impure = /\basync\b|\bawait\b|\bPromise\b|\bfetch\(|\bprocess\b|\bimport\(/g;
      for (const pattern of [impure, clock, chance])
        for (const { at, found } of findIn(source, pattern)) wrong.push(`${at} has ${found}`);
    }
    expect(wrong.map((one) => `${one}. Gather it in handler.ts and pass it in as data.`)).toEqual([]);
  });
});

describe("foreign data", () => {
  test("is parsed, never cast", () => {
    // Brackets, which may hold brackets of their own, three deep.
    const inner = String.raw`\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)`;
    const sources = String.raw`(?:JSON\.parse${inner}|\.json\(\s*\)|\bworkerData\b)`;
    const cast = new RegExp(String.raw`${sources}\)*\s+(?:as|satisfies)\s+(?!const\b)[\w{[(]`, "g");
    const annotated =
      /\b(?:const|let)\s+\w+\s*:(?!\s*unknown\b)[^=;]+=\s*(?:\(?await\s+)?(?:JSON\.parse\(|[\w.]+\.json\(\s*\)\s*;)/g;
    const twice = /\bas\s+(?:unknown|any)\s+as\b/g;
    const wrong = everything.flatMap((source) =>
      [cast, annotated, twice].flatMap((pattern) => findIn(source, pattern)),
    );
    expect(wrong.map(({ at }) => `${at} believes what it was told. Parse it with a schema of zod.`)).toEqual(
      [],
    );
  });
});

describe("names of topics, functions and secrets", () => {
  const secrets = new Set(Object.values(functions).flatMap((row): readonly string[] => row.secrets));
  const names = [...eventNames, ...functionNames, ...secrets].filter((name) => name.includes("-"));
  // Code before a name that the compiler knows: it would not take a wrong one.
  const typed =
    /(?:EventOf<|publish\(|read\(|compose\(|http\(|worker\(|identityOf\(|rowOf\(|kept\(|unusable\(|urlOf\(|addressOf\(|functions\.includes\(|warm\(|load\(|flows\[|explain\(error,|Record<\w+, string>> = \{|===|!==|(?:function|topic|flow):|secrets,|folder,|flow =)\s*$/;
  const tables = ["shared/events.ts", "shared/functions.ts"];
  /** Tables by name that the compiler checks key by key. */
  const keyed = [
    "shared/schedules.ts",
    "shared/notifications.ts",
    "shared/serving.ts",
    "functions/console/frame/words.ts",
    "functions/console/events/samples.ts",
    "functions/console/context.ts",
    "functions/console/plans/plans.ts",
    "cli/plan-lines.ts",
    "shared/settings.ts",
  ];

  test("are spelt in the tables, and elsewhere only where the compiler checks them", () => {
    const wrong = in_("shared", "functions", "local", "cli", "bench", "infra")
      .filter(({ file }) => !tables.includes(file) && !keyed.includes(file))
      .flatMap(({ file, code, texts }) =>
        texts
          .filter(({ says, start }) => names.includes(says) && !typed.test(code.slice(0, start)))
          .map(({ says, line }) => `${file}:${line} spells ${says}. Take it from the table in shared/.`),
      );
    expect(wrong).toEqual([]);
  });

  test("stand in no path that somebody put together by hand", () => {
    const path = new RegExp(`(?:topics|subscriptions|secrets|serviceAccounts)/(?:${names.join("|")})\\b`);
    const wrong = in_("functions", "local", "cli", "bench", "infra").flatMap(({ file, texts }) =>
      texts.filter(({ says }) => path.test(says)).map(({ line }) => `${file}:${line}`),
    );
    expect(
      wrong.map((at) => `${at} spells a name of the tables in a path: build it from the table.`),
    ).toEqual([]);
  });
});

describe("exported functions", () => {
  test("of shared/ have a doc comment, unless the file's head speaks of the only one", () => {
    const wrong = in_("shared").flatMap(({ file, text, code }) => {
      const found = [
        ...code.matchAll(/^export (?:async )?(?:function|const) (\w+)(?=([^;]{0,300}))/gm),
      ].filter(
        ([start, , rest = ""]) =>
          start.includes("function ") || /^[^=]*=\s*(?:async\s*)?(?:<[^=]*>)?\(/.test(rest),
      );
      if (found.length === 1) return [];
      return found
        .filter(({ index }) => !text.slice(0, index).trimEnd().endsWith("*/"))
        .map(({ index, 1: name }) => `${file}:${lineAt(code, index)} ${name}`);
    });
    expect(wrong.map((one) => `${one} has no doc comment: say what it gives and when it throws.`)).toEqual(
      [],
    );
  });
});

describe("comments", () => {
  // Lines after the first one of a block of line comments begin no comment.
  const opening = /^[ \t]*\/\*\*?\s+(?:\*\s+)?|(?<!^[ \t]*\/\/.*\n)^[ \t]*\/\/\s+/;
  const clause = /(?:What(?:ever)?|Who(?:ever|se|m)?|How|Where(?:ver)?|When(?:ever)?|Why|Whether)\b/;
  const pattern = new RegExp(`(?:${opening.source})${clause.source}`, "gm");
  const begun = ({ file, text }: Pick<Source, "file" | "text">): string[] =>
    [...text.matchAll(pattern)].map(({ index }) => `${file}:${lineAt(text, index)}`);

  test("begin with a verb or a noun, and not with a clause", () => {
    const wrong = [...everything, ...sourcesOf("scaffold", "test")].flatMap(begun);
    expect(
      wrong.map(
        (at) => `${at} begins with a clause. Name its subject: "Reads …", "Tells whether …", "State of …".`,
      ),
    ).toEqual([]);
  });

  test("begin where a doc comment or a block of line comments begins", () => {
    const text = [
      "/** What",
      " */",
      "/**",
      " * Whoever",
      " */",
      "// A",
      "// When",
      "",
      "  // Whom",
      "// How",
    ];
    expect(begun({ file: "f", text: text.join("\n") })).toEqual(["f:1", "f:3", "f:9"]);
  });
});

describe("what stays on one machine", () => {
  const files = [
    ...[
      "bench",
      "bin",
      "cli",
      "docs",
      "functions",
      "infra",
      "local",
      "shared",
      "test",
      ".ci",
      ".github",
    ].flatMap(filesOf),
    ..."README.md ARCHITECTURE.md CONTRIBUTING.md SECURITY.md package.json package-lock.json .npmrc tsconfig.json biome.json Pulumi.yaml groundcrew.example.yaml".split(
      " ",
    ),
  ].filter((file) => !/\.(?:png|gz|wasm)$|\/schema\/|rules\.test\.ts$/.test(file));

  test("paths of a machine and hosts of package registries are in no file", () => {
    expect(files.length).toBeGreaterThan(300);
    const pattern =
      /(?<![\w.:/}])\/(?:work|home\/[a-z]\w*|Users\/\w+|root)\/[\w.-]+|registry\.npmjs|npmmirror|verdaccio|artifactory|jfrog|"resolved": ?"http|^registry ?=/gm;
    const wrong = files.flatMap((file) => {
      const text = readFileSync(join(root, file), "utf8");
      return [...text.matchAll(pattern)].map((match) => `${file}:${lineAt(text, match.index)} ${match[0]}`);
    });
    expect(wrong.map((one) => `${one} is of one machine alone: take it out.`)).toEqual([]);
  });
});
