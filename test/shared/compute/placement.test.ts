// Types, prices and subnetworks of machines, by what the settings say.
import { describe, expect, test } from "@jest/globals";
import {
  dearestPerHour,
  dollarsPerHourAt,
  morePerHour,
  regionOf,
  smallestOf,
  subnetworkIn,
  subnetworksOf,
  typeNamed,
  typesOf,
} from "../../../shared/compute/placement.ts";
import { MachineSettings } from "../../../shared/settings/machine.ts";

const small = { type: "n2-highmem-4", vcpus: 4, memoryGB: 32, dollarsPerHour: 0.06 };
const lean = { type: "c2-standard-8", vcpus: 8, memoryGB: 16, dollarsPerHour: 0.2 };
const machine = MachineSettings.parse({ otherTypes: [small, lean], standard: { dollarsPerHour: 0.27 } });
const plain = MachineSettings.parse({});

describe("types", () => {
  test("are tried in the order of the settings, and known by their names", () => {
    expect(typesOf(machine).map(({ type }) => type)).toEqual([
      "e2-standard-8",
      "n2-highmem-4",
      "c2-standard-8",
    ]);
    expect(typeNamed("c2-standard-8", machine)).toEqual(lean);
    expect(typeNamed("forgotten", machine).type).toBe("e2-standard-8");
  });

  test("flags fit the fewest processors and the least memory, of whichever type each is", () => {
    expect([smallestOf(machine), smallestOf(plain)]).toEqual([
      { vcpus: 4, memoryGB: 16 },
      { vcpus: 8, memoryGB: 32 },
    ]);
  });
});

describe("dollars of an hour", () => {
  test("are those of the type, or of a standard machine", () => {
    expect(dollarsPerHourAt({ type: "n2-highmem-4" }, machine)).toBe(0.06);
    expect(dollarsPerHourAt({ type: "e2-standard-8", standard: true }, machine)).toBe(0.27);
  });

  test("at most are those of the dearest that may be asked for", () => {
    expect([dearestPerHour(machine), dearestPerHour(plain)]).toEqual([0.27, 0.113]);
    expect(dearestPerHour({ ...plain, otherTypes: [lean] })).toBe(0.2);
  });

  test("beyond the first type's are none for it, and less for a cheaper one", () => {
    expect(morePerHour({}, machine)).toBe(0);
    expect(morePerHour({ type: "e2-standard-8" }, machine)).toBe(0);
    expect(morePerHour({ type: "n2-highmem-4" }, machine)).toBeCloseTo(-0.053, 9);
    expect(morePerHour({ standard: true }, machine)).toBeCloseTo(0.157, 9);
  });
});

describe("subnetworks", () => {
  test("are our own in the zone's region, or the one that the settings name", () => {
    expect(regionOf("europe-west1-b")).toBe("europe-west1");
    expect(subnetworkIn("europe-west1-b", plain)).toBe(
      "regions/europe-west1/subnetworks/groundcrew-transfers",
    );
    const named = { subnetwork: "regions/us-central1/subnetworks/theirs" };
    expect(subnetworkIn("us-central1-a", named)).toBe(named.subnetwork);
  });

  test("are each named once", () => {
    expect(subnetworksOf({ zones: ["us-central1-a", "us-central1-b", "us-east1-b"] })).toEqual([
      "regions/us-central1/subnetworks/groundcrew-transfers",
      "regions/us-east1/subnetworks/groundcrew-transfers",
    ]);
  });
});

describe("settings that cannot be", () => {
  const problemsOf = (given: object) =>
    MachineSettings.safeParse(given).error?.issues.map(({ path, message }) => [path.join("."), message]);

  test("a zone outside of the named subnetwork's region", () => {
    const subnetwork = "regions/us-central1/subnetworks/theirs";
    expect(problemsOf({ subnetwork, zones: ["us-central1-a", "us-east1-b"] })).toEqual([
      ["zones.1", "is not in the region of the subnetwork, us-central1"],
    ]);
    expect(problemsOf({ zones: ["us-central1-a", "us-east1-b"] })).toBeUndefined();
  });
});
