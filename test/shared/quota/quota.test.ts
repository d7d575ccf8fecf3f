// Names and spellings: the small parts of the flow.
import { describe, expect, test } from "@jest/globals";
import { textOf } from "../../../shared/quota/names.ts";
import { folderOf, ownersOf } from "../../../shared/quota/people.ts";
import { QuotaSettings } from "../../../shared/quota/settings.ts";

describe("settings", () => {
  test("in the wrong order are refused", () => {
    const wrong = [
      { advice: "50 GB", limit: "25 GB" },
      { limit: "50 GB", enforced: "40 GB" },
      { freeBelow: 0.3, freeAgain: 0.2 },
    ];
    expect(wrong.map((each) => QuotaSettings.safeParse(each).error?.issues[0]?.path.join())).toEqual([
      "limit",
      "enforced",
      "freeAgain",
    ]);
  });
});

describe("names that are no UTF-8", () => {
  test("are percent-encoded; others stay", () => {
    const latin1 = (...bytes: number[]) => Buffer.from(bytes).toString("latin1");
    expect([textOf(latin1(0xc3, 0xa9)), textOf(latin1(0x61, 0xe9, 0x25, 0x20)), textOf("100%")]).toEqual([
      "é",
      "a%E9%25 ",
      "100%",
    ]);
  });
});

describe("a login as a folder's name", () => {
  test.each([
    ["a-b", "a-2db"],
    ["user@x.org", "user-40x-2eorg"],
    ["Ada", "ada"],
    ["é", "-c3-a9"],
  ])("legacy %p is %p", (login, folder) => expect(folderOf(login, "legacy")).toBe(folder));
  // By KubeSpawner itself.
  test.each([
    ["123abc", "x-123abc---dd130a84"],
    ["a--b", "a-b---90827a2e"],
    ["ada-b", "ada-b"],
    ["ADA", "ada"],
  ])("safe %p is %p", (login, folder) => expect(folderOf(login, "safe")).toBe(folder));

  test("ten thousand logins all find their own", () => {
    const logins = Array.from(
      { length: 10_000 },
      (_, n) => `${n % 3 === 0 ? n : "p"}-${n.toString(36)}${n % 7 === 0 ? "--x" : ""}`,
    );
    for (const scheme of ["legacy", "safe"] as const) {
      const { of, disputed } = ownersOf(
        logins.map((login) => ({ login, email: `${login}@example.org` })),
        scheme,
      );
      expect(disputed.size).toBe(0);
      expect(logins.filter((login) => of.get(folderOf(login, scheme))?.login !== login)).toEqual([]);
    }
  });
});
