// The validator must refuse what Google's description refuses: each case is a body or a query that a careless far end makes.
import { describe, expect, test } from "@jest/globals";
import { cut, served } from "../../../local/discovery/cut.ts";
import { type Api, discovery } from "../../../local/discovery/validate.ts";

const storage = discovery("storage.v1");

describe("answers", () => {
  test("a good one passes, whole or in part", () => {
    const item = {
      kind: "storage#object",
      name: "a/b",
      generation: "1700000000000001",
      metadata: { any: "thing" },
    };
    expect(storage.checkAnswer("storage.objects.get", item)).toEqual([]);
    expect(storage.checkAnswer("storage.objects.list", { kind: "storage#objects", items: [item] })).toEqual(
      [],
    );
    expect(storage.checkAnswer("storage.objects.list", {})).toEqual([]);
  });

  test.each([
    [{ generation: 17 }, "storage.objects.get answer: generation must be string"],
    [
      { generation: "abc" },
      'storage.objects.get answer: generation must match pattern "^(?:0|-?[1-9][0-9]{0,18})$"',
    ],
    [{ sise: "1" }, "storage.objects.get answer: the body has the unknown field sise"],
    [{ metadata: { a: 1 } }, "storage.objects.get answer: metadata.a must be string"],
    [{ updated: "yesterday" }, "storage.objects.get answer: updated must match pattern"],
    [{ owner: { who: "x" } }, "storage.objects.get answer: owner has the unknown field who"],
  ])("%j is refused", (body, problem) => {
    const problems = storage.checkAnswer("storage.objects.get", body);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
  });

  test("an answer where none is declared is refused, an empty one is not", () => {
    expect(storage.checkAnswer("storage.objects.delete", undefined)).toEqual([]);
    expect(storage.checkAnswer("storage.objects.delete", { kind: "x" })).toEqual([
      "storage.objects.delete answer: no body is expected here",
    ]);
  });

  test("sheets: a cell's value is of a declared kind", () => {
    const sheets = discovery("sheets.v4");
    const answer = (effectiveValue: object, type: string) => ({
      spreadsheetId: "s",
      sheets: [{ properties: { sheetType: type }, data: [{ rowData: [{ values: [{ effectiveValue }] }] }] }],
    });
    const check = (body: object) => sheets.checkAnswer("sheets.spreadsheets.get", body);
    expect(check(answer({ numberValue: 1.5 }, "GRID"))).toEqual([]);
    const where = "sheets.spreadsheets.get answer: sheets.0";
    expect(check(answer({ numberValue: "1" }, "GRID"))).toEqual([
      `${where}.data.0.rowData.0.values.0.effectiveValue.numberValue must be number`,
    ]);
    expect(check(answer({}, "LIST"))).toEqual([
      expect.stringContaining(`${where}.properties.sheetType must be one of`),
    ]);
  });
});

describe("requests", () => {
  test.each([
    [{ ifGenerationMatch: "0", uploadType: "media", name: "x" }, []],
    [{ ifGenerationMatch: "zero" }, ["must be an integer (int64)"]],
    [{ ifGenerationMatch: "9223372036854775808" }, ["must be at most 9223372036854775807"]],
    [{ ifGenerationMatch: ["1", "2"] }, ["is given more than once"]],
    [{ prettyPrint: "maybe" }, ["must be true or false"]],
    [{ projection: "some" }, ["must be one of full, noAcl"]],
    [{ colour: "red" }, ["is unknown"]],
  ])("query %j", (query, problems) => {
    const found = storage.checkRequest("storage.objects.insert", { params: { bucket: "b" }, query });
    expect(found).toHaveLength(problems.length);
    for (const [index, problem] of problems.entries()) expect(found[index]).toContain(problem);
  });

  test("what is required, what is repeated, what a body may hold", () => {
    expect(storage.checkRequest("storage.objects.get", { params: { bucket: "b" } })).toEqual([
      "storage.objects.get path parameter object is missing",
    ]);
    expect(
      storage.checkRequest("storage.objects.list", { params: { bucket: "b" }, query: { maxResults: "-1" } }),
    ).toEqual(["storage.objects.list query parameter maxResults must be at least 0"]);
    expect(
      discovery("sheets.v4").checkRequest("sheets.spreadsheets.get", {
        params: { spreadsheetId: "s" },
        query: { ranges: ["A1", "B2"] },
      }),
    ).toEqual([]);
    expect(
      discovery("gmail.v1").checkRequest("gmail.users.messages.send", {
        params: { userId: "me" },
        body: { raw: "!!" },
      }),
    ).toHaveLength(1);
    expect(
      discovery("secretmanager.v1").checkRequest("secretmanager.projects.secrets.versions.access", {
        params: { name: "projects/p/secrets/s" },
      }),
    ).toHaveLength(1);
  });

  test("a method that is not listed is a mistake of ours", () => {
    expect(() => storage.checkRequest("storage.objects.rewrite", {})).toThrow("cut.ts does not list");
  });
});

test("every schema that is kept compiles, and says where it is from", () => {
  for (const [api, ids] of Object.entries(served)) {
    const { revision, checkAnswer } = discovery(api as Api);
    expect(revision).toMatch(/^20\d{6}$/);
    for (const id of ids) checkAnswer(id, {});
  }
});

test("cutting keeps a property that is called like a keyword, and drops the keyword", () => {
  const made = cut(
    {
      name: "x",
      version: "v1",
      revision: "20260101",
      rootUrl: "https://x.example.org/",
      parameters: {},
      schemas: {
        Thing: {
          type: "object",
          description: "words",
          properties: { description: { type: "string", description: "words" } },
        },
        Unused: { type: "object" },
      },
      resources: {
        things: {
          methods: { get: { id: "x.get", httpMethod: "GET", path: "x", response: { $ref: "Thing" } } },
        },
      },
    },
    ["x.get"],
  );
  expect(made["schemas"]).toEqual({
    Thing: { type: "object", properties: { description: { type: "string" } } },
  });
});
