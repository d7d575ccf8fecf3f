// Runs with every test file: gives its tests their time, and ends the processes that a failed one has left behind.
import { afterAll, expect, jest } from "@jest/globals";
import { endChildren } from "./children.ts";
import { patienceMs } from "./patience.ts";

// A test does several things of which each may take all of its patience; one of *.long.ts does them by the hundred.
const isLong = expect.getState().testPath?.endsWith(".long.ts") === true;
jest.setTimeout(patienceMs * (isLong ? 30 : 5));

// Before what the file itself does in the end: whoever waits there for a process waits for one that has been told to end.
afterAll(endChildren);
