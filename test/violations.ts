// Runs with every test file: whatever a far end of the file found against its vendor's description fails the test in which
// it happened. A test that breaks a description on purpose takes what it provoked: `farEnd.violations.splice(0)`.
import { afterAll, afterEach } from "@jest/globals";
import { takeViolations } from "../local/wire/called-routes.ts";

function expectNone(): void {
  const found = [...new Set(takeViolations())];
  if (found.length === 0) return;
  throw new Error(
    `A request or an answer broke the vendor's description:\n  ${found.join("\n  ")}\nMend it; or, if the test means it, take it: farEnd.violations.splice(0).`,
  );
}

afterEach(expectNone);
afterAll(expectNone);
