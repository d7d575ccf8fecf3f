// Tests of what people are told of an error: never the words of a vendor, which quote names and addresses.
import { describe, expect, test } from "@jest/globals";
import { explain } from "../../../shared/delivery/explain.ts";
import { isPermanent, Permanent, transient } from "../../../shared/errors.ts";
import { failed } from "../../../shared/failure.ts";

const canary = "canary@example.org";
const coded = (code: unknown, message = canary) => Object.assign(new Error(message), { code });
const again = "it is tried again by itself; when it goes on, open the run and read its steps";

describe("errors that no adapter has named", () => {
  test.each<[string, unknown, string]>([
    ["a broken connection", coded("ECONNRESET"), "a connection broke or was not made (ECONNRESET)"],
    [
      "a broken connection beneath",
      new TypeError(canary, { cause: coded("ECONNREFUSED") }),
      "a connection broke or was not made (ECONNREFUSED)",
    ],
    ["no answer in time", new DOMException(canary, "TimeoutError"), "an answer did not come in time"],
    ["a transient failure of ours", transient("the memory was changed"), "the memory was changed"],
  ])("%s passes", (_, error, why) => {
    expect(explain(error, "scan")).toEqual({ what: "scan failed", why, next: again });
  });

  test.each<[string, unknown, string]>([
    ["a number, which is a vendor's", coded(502), "Error in the program"],
    [
      "a vendor's number that names a permission",
      coded(403, "storage.objects.create denied"),
      "Error in the program",
    ],
    ["a number in letters", coded("404"), "Error in the program"],
    ["a code of the file system", coded("ENOSPC"), "Error in the program (ENOSPC)"],
    ["a code that is a text", coded(canary), "Error in the program"],
    ["a code that is an object", coded({ canary }), "Error in the program"],
    ["a name that is a text", Object.assign(new Error(canary), { name: canary }), "Error in the program"],
    ["a programmer's mistake", new TypeError(canary), "TypeError in the program"],
    ["a text", canary, "something that is no error was thrown in the program"],
    ["nothing", undefined, "something that is no error was thrown in the program"],
    ["null", null, "something that is no error was thrown in the program"],
  ])("%s is a fault of the program, to be reported", (_, error, why) => {
    const next = `${again}, and report it to those who write Groundcrew`;
    expect(explain(error, "scan")).toEqual({ what: "scan failed", why, next });
  });
});

describe("errors of ours", () => {
  const told = { what: "a", why: "b", next: "c" };
  test("are told as they are, a service's failure too", () => {
    const failure = failed({ service: "slack", cause: "x", lasts: "transient", explanation: told });
    expect(explain(failure, "scan")).toEqual(told);
    expect(explain(new Permanent(told), "scan")).toEqual(told);
    expect(explain(Object.assign(new Error(canary), { explanation: told }), "scan")).toEqual(told);
  });

  test("Permanent is known in every realm, and nothing else is", () => {
    const elsewhere = Object.assign(new Error("x"), { name: "Permanent", explanation: told });
    expect([new Permanent(told), elsewhere].map(isPermanent)).toEqual([true, true]);
    const named = Object.assign(new Error("x"), { name: "Permanent" });
    expect([named, new Error("x"), told, undefined, "Permanent"].map(isPermanent)).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
  });
});
