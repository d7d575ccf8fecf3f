// Every flow has the one shape: files of the same names, of which each keeps to its part.
import { describe, expect, test } from "@jest/globals";
import { type FlowName, flowNames } from "../../shared/functions.ts";
import { sourcesOf } from "./source.ts";

const parts = ["index", "handler", "gather", "decide", "act", "state", "text"] as const;
type Part = (typeof parts)[number];

function partsOf(flow: FlowName): Record<Part, string> {
  const sources = new Map(sourcesOf("functions").map(({ file, code }) => [file, code]));
  const codeOf = (part: Part) => sources.get(`functions/${flow}/${part}.ts`) ?? "";
  return {
    index: codeOf("index"),
    handler: codeOf("handler"),
    gather: codeOf("gather"),
    decide: codeOf("decide"),
    act: codeOf("act"),
    state: codeOf("state"),
    text: codeOf("text"),
  };
}

const imports = (code: string): string[] =>
  [...code.matchAll(/^(?:import|export) .*?from "([^"]+)";$|^\} from "([^"]+)";$/gm)].map(
    ([, one, other]) => one ?? other ?? "",
  );

describe.each(flowNames)("%s", (flow) => {
  const code = partsOf(flow);

  test("has the seven files", () => {
    expect(parts.filter((part) => code[part] === "")).toEqual([]);
  });

  test("its handler remembers, gathers, decides, holds, keeps, acts and keeps, in this order", () => {
    const order = [
      /await (remember|membersState)\(/,
      /await gather\(/,
      /[= ]decide\(/,
      /await hold\(/,
      /await act\(/,
    ];
    const text = code.handler;
    const found = order.map((each) => [...text.matchAll(new RegExp(each, "g"))].map(({ index }) => index));
    // Each stage comes somewhere after the one before it.
    let after = -1;
    for (const [stage, places] of found.entries()) {
      const next = places.find((place) => place > after);
      expect([order[stage], next]).toEqual([order[stage], expect.any(Number)]);
      after = next ?? after;
    }
    expect(text.match(/state\.keep\(/g)?.length ?? 0).toBeGreaterThanOrEqual(2);
    expect(text.split("\n").length).toBeLessThan(200);
  });

  test("gathering decides nothing, and deciding neither writes nor publishes", () => {
    expect(imports(code.gather).filter((from) => /\.\/(decide|act)\.ts$/.test(from))).toEqual([]);
    const forbidden = /bus\/publish|\/ledger\.ts|\.\/(gather|act|handler)\.ts$|delivery\//;
    const values = code.decide
      .replace(/^import type [^;]*;$/gm, "")
      .replace(/^import \{[^}]*\} from "\.\/gather\.ts";$/gm, "");
    expect(imports(values).filter((from) => forbidden.test(from))).toEqual([]);
    expect(code.decide).not.toMatch(/\bawait\b|\basync\b/);
  });
});
