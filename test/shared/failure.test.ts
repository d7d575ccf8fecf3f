// Meaning of a vendor's answer, where a pattern knows its words and where none does.
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { explain } from "../../shared/delivery/explain.ts";
import { isPermanent } from "../../shared/errors.ts";
import { failureIn, type Pattern, refused, retryAfterSeconds } from "../../shared/failure.ts";

const at = { service: "github", what: "the teams cannot be read" } as const;
const suspended: Pattern = {
  status: 403,
  text: /suspended/i,
  cause: "suspended",
  lasts: "lasting",
  why: "the App's installation is suspended",
  next: "unsuspend it",
};

describe("an answer that no pattern knows", () => {
  test.each([
    [400, "lasting"],
    [401, "lasting"],
    [404, "lasting"],
    [418, "lasting"],
    [408, "transient"],
    [409, "transient"],
    [412, "transient"],
    [425, "transient"],
    [429, "transient"],
    [500, "transient"],
    [599, "transient"],
    [200, "transient"],
    [302, "transient"],
  ] as const)("%s is %s", (status, lasts) => {
    const error = refused(at, { status, text: "" }, [suspended]);
    expect([failureIn(error)?.lasts, isPermanent(error)]).toEqual([lasts, lasts === "lasting"]);
  });

  test("tells service, status and the vendor's code, and none of its words", () => {
    const error = refused(at, { status: 422, code: "already_exists", text: "Ada Abara is a member" }, []);
    expect(explain(error, "sync-members")).toEqual({
      what: "the teams cannot be read",
      why: "GitHub answered 422 (already_exists)",
      next: "look this answer of GitHub up in its documentation, mend what it names, and replay the event under Undelivered",
    });
    expect(failureIn(error)?.cause).toBe("422-already-exists");
  });

  test("that says no in words is lasting whatever its status, as Slack's 200", () => {
    const error = refused(at, { status: 200, code: "no_such_reason", text: "", refusal: true }, []);
    expect([failureIn(error)?.lasts, failureIn(error)?.cause, explain(error, "x").why]).toEqual([
      "lasting",
      "no-such-reason",
      "GitHub refused it (no_such_reason)",
    ]);
    const busy = refused(at, { status: 503, code: "no_such_reason", text: "", refusal: true }, []);
    expect(failureIn(busy)?.lasts).toBe("transient");
  });

  test("tells no code that could be words", () => {
    const error = refused(at, { status: 422, code: "Ada Abara <ada@example.org>", text: "" }, []);
    expect(explain(error, "sync-members").why).toBe("GitHub answered 422");
  });
});

test("the first pattern that fits speaks", () => {
  const other = { ...suspended, cause: "other", why: "another" };
  const error = refused(at, { status: 403, text: "Your account was suspended" }, [suspended, other]);
  expect([failureIn(error)?.cause, explain(error, "sync-members").why]).toEqual([
    "suspended",
    "the App's installation is suspended",
  ]);
  expect(failureIn(refused(at, { status: 404, text: "suspended" }, [suspended]))?.cause).toBe("404");
});

test("nothing, and half of something, is tried again and names the service", () => {
  expect(explain(refused(at, "no-answer", []), "x").why).toBe("GitHub did not answer");
  expect(explain(refused(at, "unreadable", []), "x").why).toBe("GitHub's answer was broken off, or is none");
  expect(isPermanent(refused(at, "no-answer", []))).toBe(false);
});

test("whatever an answer holds, it has one of the three outcomes and a failure that its schema takes", () => {
  const answers = fc.record({
    status: fc.integer({ min: 100, max: 599 }),
    code: fc.option(fc.string({ unit: "binary" }), { nil: undefined }),
    text: fc.string({ unit: "binary" }),
    waitSeconds: fc.option(fc.double({ min: 0, max: 1e30, noNaN: true }), { nil: undefined }),
  });
  fc.assert(
    fc.property(answers, (answer) => {
      expect(failureIn(refused(at, answer, [suspended]))?.service).toBe("github");
    }),
  );
});

test("asked to wait for ages, it waits for a day: the wait is not lost with its length", () => {
  const waitSeconds = retryAfterSeconds("9".repeat(25), null);
  expect(failureIn(refused(at, { status: 429, text: "", waitSeconds }, []))).toMatchObject({
    lasts: "transient",
    waitSeconds: 86_400,
  });
});

test.each([
  [null, null, undefined],
  ["", null, undefined],
  ["soon", null, undefined],
  ["120", null, 120],
  ["90.5", "Sat, 28 Nov 2026 10:00:00 GMT", 91],
  ["0", null, undefined],
  ["-5", null, undefined],
  ["Sat, 28 Nov 2026 10:10:00 GMT", "Sat, 28 Nov 2026 10:00:00 GMT", 600],
  ["Sat, 28 Nov 2026 10:10:00 GMT", null, undefined],
  ["Sat, 28 Nov 2026 09:00:00 GMT", "Sat, 28 Nov 2026 10:00:00 GMT", undefined],
])("Retry-After %p at %p asks for %p seconds", (retryAfter, date, seconds) => {
  expect(retryAfterSeconds(retryAfter, date)).toBe(seconds);
});
