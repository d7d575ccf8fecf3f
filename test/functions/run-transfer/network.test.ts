// Prices of a GiB between a bucket and a machine in Iowa, as Google's tables have it.
import { describe, expect, test } from "@jest/globals";
import { readGiB, writeGiB } from "../../../functions/run-transfer/network.ts";

const region = "US-CENTRAL1";
const inOne = (name: string) => ({ name, regions: [name] });
const multi = (name: string) => ({ name, regions: [] });
const nam4 = { name: "NAM4", regions: ["US-CENTRAL1", "US-EAST1"] };
const eur4 = { name: "EUR4", regions: ["EUROPE-NORTH1", "EUROPE-WEST4"] };
/** Two regions that a team has chosen. */
const chosen = { name: "US", regions: ["US-CENTRAL1", "US-WEST1"] };

describe("reading", () => {
  test.each([
    ["in the same region", inOne("US-CENTRAL1"), 0],
    ["in one of two", nam4, 0],
    ["in one of two that a team has chosen", chosen, 0],
    ["in a multi-region around it, which is another place", multi("US"), 0.02],
    ["on the continent", inOne("NORTHAMERICA-NORTHEAST1"), 0.02],
    ["in Europe", inOne("EUROPE-WEST1"), 0.05],
    ["in Europe's multi-region", multi("EU"), 0.05],
    ["in two regions of Europe", eur4, 0.05],
    ["in Asia", inOne("ASIA-SOUTHEAST1"), 0.08],
    ["in Jakarta", inOne("ASIA-SOUTHEAST2"), 0.1],
    ["in Australia", inOne("AUSTRALIA-SOUTHEAST1"), 0.1],
    ["in Doha", inOne("ME-CENTRAL1"), 0.11],
    ["in South America", inOne("SOUTHAMERICA-EAST1"), 0.14],
    ["in Africa", inOne("AFRICA-SOUTH1"), 0.11],
    ["where nobody has been before", inOne("MOON-NORTH1"), 0.14],
  ])("%s", (_, bucket, dollars) => {
    expect(readGiB(bucket, region, {})).toBe(dollars);
  });

  test("costs what the settings say, wherever it costs something", () => {
    const prices = { betweenRegionsGiB: 0.003 };
    expect(readGiB(inOne("US-CENTRAL1"), region, prices)).toBe(0);
    expect(readGiB(multi("EU"), region, prices)).toBe(0.003);
  });
});

describe("writing: the way, and copies of it in other regions", () => {
  test.each([
    ["in the same region", inOne("US-CENTRAL1"), 0],
    ["in two regions, one of them here", nam4, 0.02],
    ["in a multi-region around it", multi("US"), 0.02],
    ["on the continent", inOne("US-EAST1"), 0.02],
    ["in Europe", inOne("EUROPE-WEST1"), 0.05],
    ["in Europe's multi-region", multi("EU"), 0.07],
    ["in two regions of Europe", eur4, 0.07],
    ["in Asia's multi-region", multi("ASIA"), 0.16],
  ])("%s", (_, bucket, dollars) => {
    expect(writeGiB(bucket, region, {})).toBeCloseTo(dollars, 9);
  });

  test("costs what the settings say, for each of the two", () => {
    expect(writeGiB(multi("EU"), region, { betweenRegionsGiB: 0.003 })).toBeCloseTo(0.006, 9);
    expect(writeGiB(inOne("US-CENTRAL1"), region, { betweenRegionsGiB: 0.003 })).toBe(0);
  });
});
