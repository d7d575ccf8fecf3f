// Holds the table of routes (routes.ts) against what a conformance client has really called in this file.
import { expect } from "@jest/globals";
import { routes } from "../../local/wire/called-routes.ts";
import { type Client, routesCalledBy } from "./routes.ts";

/** Every route that the table says this client calls was called. Ask when all of the client's tests are over, whatever their order. */
export function expectCalled(client: Client | "flows"): void {
  const { called } = routes();
  expect(routesCalledBy(client).filter((route) => !called.has(route))).toEqual([]);
}
