// The status of images, homes and people as the first records have it, under another name.
import { expect, test } from "@jest/globals";
import { ImagesState } from "../../shared/images/records.ts";
import { MembersState } from "../../shared/members/records.ts";
import { QuotaHome } from "../../shared/quota/records.ts";

const at = "2026-06-05T10:00:00.000Z";

test("is read as the status of images", () => {
  const images = { v: 1, at, sentence: "it is on hold", releases: [], refs: [], unread: [], evidence: [] };
  expect(ImagesState.parse({ ...images, standing: "held" })).toEqual({ ...images, status: "held" });
});

test("is read as the status of a home", () => {
  const past = { bytes: 5, complete: true, measuredAt: at, past: [] };
  const home = { ...past, since: at, told: ["advised"], episode: 1, missing: 0 };
  expect(QuotaHome.parse({ ...home, standing: "advised" })).toEqual({ ...home, status: "advised" });
});

test("is read as the status of a person", () => {
  const who = { login: "ada-one", email: "a@example.org", name: "Ada" };
  const person = { ...who, tier: "Public", team: "public-access", cell: "C2", since: at };
  const { people } = MembersState.shape;
  expect(people.parse([{ ...person, standing: "in-team" }])).toEqual([{ ...person, status: "in-team" }]);
});
