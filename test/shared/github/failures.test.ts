// Failures of GitHub: any answer, to the App or to the account, becomes one of them, with a wait that has an end.
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { explain } from "../../../shared/delivery/explain.ts";
import { failureIn } from "../../../shared/failure.ts";
import { answerFailure, answerIn, failureOf } from "../../../shared/github/failures.ts";
import { everybody, onePerson } from "../../../shared/github/refusals-app.ts";

const doing = { what: "something could not be read" };
const header = fc.oneof(
  fc.string(),
  fc.constantFrom("0", "-1", "60", "1e12", "soon", "Sat, 11 Jan 2025 11:18:55 GMT", "NaN"),
);

test("any answer is one failure that waits no longer than a day", () => {
  const answers = fc.record({
    status: fc.oneof(fc.integer({ min: 200, max: 599 }), fc.constantFrom(200, 403, 429)),
    headers: fc.record({
      "retry-after": header,
      "x-ratelimit-remaining": header,
      "x-ratelimit-reset": header,
      date: header,
    }),
    data: fc.oneof(
      fc.jsonValue(),
      fc.record({
        message: fc.oneof(fc.jsonValue(), fc.constant("API rate limit exceeded")),
        errors: fc.oneof(fc.jsonValue(), fc.array(fc.jsonValue())),
      }),
    ),
  });
  fc.assert(
    fc.property(answers, fc.constantFrom("app" as const, "account" as const), (answer, as) => {
      const error = answerFailure(answerIn(answer), { ...doing, as });
      expect(failureIn(error)?.service).toBe("github");
      expect(failureIn(error)?.waitSeconds ?? 1).toBeGreaterThanOrEqual(1);
      expect(failureIn(error)?.waitSeconds ?? 1).toBeLessThanOrEqual(86_400);
    }),
    { numRuns: 500 },
  );
});

test("a page of a megabyte is looked at no further than its beginning", () => {
  const page = `${"<p>".repeat(300_000)}secondary rate limit`;
  const error = answerFailure(answerIn({ status: 403, headers: {}, data: page }), { ...doing, as: "app" });
  expect(failureIn(error)?.cause).toBe("unreadable");
});

test("an unknown 403 may be a right that does not show yet", () => {
  const error = answerFailure(answerIn({ status: 403, headers: {}, data: { message: "No" } }), {
    ...doing,
    as: "app",
  });
  expect(failureIn(error)).toMatchObject({ cause: "403", lasts: "settling" });
});

test.each([
  ["the hourly limit, whatever is said to be left", "API rate limit exceeded", "40", 1800],
  ["another limit, where nothing is left of the hourly one", "secondary rate limit", "0", 1800],
  ["another limit, of which the reset says nothing", "secondary rate limit", "40", 60],
])("%s: seconds to wait", (_, message, left, waitSeconds) => {
  const headers = {
    date: "Sat, 11 Jan 2025 11:00:00 GMT",
    "x-ratelimit-remaining": left,
    "x-ratelimit-reset": String(Date.parse("2025-01-11T11:30:00Z") / 1000),
  };
  const error = answerFailure(answerIn({ status: 403, headers, data: { message } }), { ...doing, as: "app" });
  expect(failureIn(error)).toMatchObject({ waitSeconds });
});

test.each([
  ["no-seat", { code: "no_seat", field: "user" }],
  ["no-seat", { code: "unprocessable", message: "Your plan has no unused licenses" }],
  ["no-second-factor", { code: "no_2fa", field: "user" }],
])("%s is read from a code without words, and from other words", (cause, one) => {
  const data = { message: "Validation Failed", errors: [one] };
  const error = answerFailure(answerIn({ status: 422, headers: {}, data }), {
    ...doing,
    as: "app",
    known: [...everybody, ...onePerson],
  });
  expect(failureIn(error)).toMatchObject({ cause, lasts: "lasting" });
});

test("an error that is none of GitHub's stays what it is", () => {
  const ours = new TypeError("of ours");
  expect(failureOf(ours, { ...doing, as: "app" })).toBe(ours);
});

test("of an answer that nobody knows, people read status and code, and what they can do", () => {
  const body = { message: "Ada Abara is no owner", errors: [{ code: "something_new" }] };
  const error = answerFailure(answerIn({ status: 422, headers: {}, data: body }), {
    ...doing,
    as: "account",
  });
  expect(explain(error, "bump-image")).toEqual({
    what: "something could not be read",
    why: "GitHub answered 422 (something_new)",
    next: "look this answer of GitHub up in its documentation, mend what it names, and replay the event under Undelivered",
  });
});
