import { http } from "@google-cloud/functions-framework";
import { compose } from "../../shared/delivery/compose.ts";
import { sheetWebhook } from "./handler.ts";

const { bus, log, secrets, settings } = compose("sheet-webhook", process.env);

http("sheet-webhook", async (request, response) => {
  // Signatures carry real time, as tokens do: the movable clock has no say here.
  const { status, body } = await sheetWebhook(
    { method: request.method, headers: request.headers, raw: request.rawBody ?? Buffer.alloc(0) },
    {
      log,
      now: () => new Date(),
      publish: bus.publish,
      secret: () => secrets.read("sheet-webhook-secret"),
      settings,
    },
  );
  response.status(status).type("text/plain").send(body);
});
