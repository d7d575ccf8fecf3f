// Every flow has the one shape: files of the same names, of which each keeps to its part.
import { describe, expect, test } from "@jest/globals";
import { type FlowName, flowNames } from "../../shared/functions.ts";
import { type Source, sourcesOf } from "./source.ts";

const parts = ["index", "handler", "gather", "decide", "act", "state", "text"] as const;
type Part = (typeof parts)[number];

function partsOf(flow: FlowName): Map<Part, Source> {
  const sources = new Map(sourcesOf(`functions/${flow}`).map((source) => [source.file, source]));
  return new Map(
    parts.flatMap((part) => {
      const source = sources.get(`functions/${flow}/${part}.ts`);
      return source === undefined ? [] : [[part, source] as const];
    }),
  );
}

/** Lists our files that a file loads, by paths from the root. */
const loads = (source: Source | undefined): string[] =>
  (source?.imports ?? []).filter(({ when }) => when !== "type").map(({ to }) => to);

describe.each(flowNames)("%s", (flow) => {
  const files = partsOf(flow);

  test("has the seven files", () => {
    expect(parts.filter((part) => !files.has(part))).toEqual([]);
  });

  test("its handler remembers, gathers, decides, holds, keeps, acts and keeps, in this order", () => {
    const order = [
      /await (remember|membersState)\(/,
      /await gather\(/,
      /[= ]decide\(/,
      /await hold\(/,
      /await act\(/,
    ];
    const text = files.get("handler")?.code ?? "";
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
    const own = (part: Part) => `functions/${flow}/${part}.ts`;
    expect(loads(files.get("gather")).filter((to) => [own("decide"), own("act")].includes(to))).toEqual([]);
    const forbidden = [own("act"), own("handler"), "shared/ledger.ts", "shared/bus/publish.ts"];
    const decide = files.get("decide");
    expect(loads(decide).filter((to) => forbidden.includes(to) || to.startsWith("shared/delivery/"))).toEqual(
      [],
    );
    expect(decide?.code).not.toMatch(/\bawait\b|\basync\b/);
  });
});
