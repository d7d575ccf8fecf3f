// Many more ends and limits than dry-run.test.ts has time for.
import { test } from "@jest/globals";
import { plannedIsDone } from "./planned.ts";

test("what is planned is what is then done, for any ends and limits", () => plannedIsDone(500));
