// What people are told of an error: never the words of a vendor, which quote names and addresses.
import { describe, expect, test } from "@jest/globals";
import { isPermanent, Permanent, passing } from "../../shared/errors.ts";
import { explain } from "../../shared/explain.ts";

const canary = "canary@example.org";
const coded = (code: unknown, message = canary) => Object.assign(new Error(message), { code });
const failed = (why: string) => ({
  what: "scan failed",
  why,
  next: "it is tried again by itself; when it goes on, open the run and read its steps",
});

describe("errors of others", () => {
  test.each<[string, unknown, string]>([
    ["a number", coded(502), "a service answered 502"],
    ["a number in letters", coded("404"), "a service answered 404"],
    ["a broken connection", coded("ECONNRESET"), "a service could not be reached (ECONNRESET)"],
    [
      "a broken connection beneath",
      new TypeError(canary, { cause: coded("ECONNREFUSED") }),
      "a service could not be reached (ECONNREFUSED)",
    ],
    ["a code of the file system", coded("ENOSPC"), "Error (ENOSPC)"],
    ["no answer in time", new DOMException(canary, "TimeoutError"), "a service did not answer in time"],
    ["a passing failure of ours", passing("the registry answered 503"), "the registry answered 503"],
    ["a code that is a text", coded(canary), "Error in the program"],
    ["a code that is an object", coded({ canary }), "Error in the program"],
    ["a name that is a text", Object.assign(new Error(canary), { name: canary }), "Error in the program"],
    ["a programmer's mistake", new TypeError(canary), "TypeError in the program"],
    ["a text", canary, "something that is no error was thrown"],
    ["nothing", undefined, "something that is no error was thrown"],
    ["null", null, "something that is no error was thrown"],
  ])("%s", (_, error, why) => {
    expect(explain(error, "scan")).toEqual(failed(why));
  });

  test.each([
    [
      403,
      "Permission 'storage.objects.create' denied on resource (or it may not exist).",
      "storage.objects.create",
    ],
    [7, "User not authorized: pubsub.topics.publish", "pubsub.topics.publish"],
    ["403", "secretmanager.versions.access denied", "secretmanager.versions.access"],
    [403, "Required 'compute.instances.delete' permission", "compute.instances.delete"],
  ])("%s: %s", (code, message, permission) => {
    expect(explain(coded(code, `${canary} ${message}`), "scan")).toEqual({
      what: "scan was refused",
      why: `its identity lacks the permission ${permission}`,
      next: "grant it in the row of scan in shared/functions.ts and deploy; the event is tried again by itself",
    });
  });

  test.each([401, 16])("%d: not recognised", (code) => {
    expect(explain(coded(code), "scan")).toMatchObject({ what: "scan was not recognised" });
  });

  test("a 403 that names no permission is just a 403", () => {
    expect(explain(coded(403), "scan")).toEqual(failed("a service answered 403"));
  });
});

describe("errors of ours", () => {
  const told = { what: "a", why: "b", next: "c" };
  test("are told as they are", () => {
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
