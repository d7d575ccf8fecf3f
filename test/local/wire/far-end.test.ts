// Answers of a far end for what a route has thrown.
import { expect, test } from "@jest/globals";
import { Hono } from "hono";
import { offerRoutes } from "../../../local/wire/far-end.ts";

function harness(code: string) {
  const app = new Hono();
  app.post("/send", () => {
    throw Object.assign(new Error("no"), { code });
  });
  offerRoutes("a far end of this test", app);
  return app.request("/send", { method: "POST" });
}

test.each(["ENOSPC", "EDQUOT", "EROFS", "EIO"])(
  "%s: 503, which says that nothing was taken",
  async (code) => {
    expect((await harness(code)).status).toBe(503);
  },
);

test("anything else: 500, after which nobody knows", async () => {
  expect((await harness("EODD")).status).toBe(500);
});
