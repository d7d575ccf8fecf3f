import { http } from "@google-cloud/functions-framework";
import { compose } from "../../shared/delivery/compose.ts";
import { githubWebhook } from "./handler.ts";

const { bus, log, secrets, settings } = compose("github-webhook", process.env);

http("github-webhook", async (request, response) => {
  const { status, body } = await githubWebhook(
    { method: request.method, headers: request.headers, raw: request.rawBody ?? Buffer.alloc(0) },
    { log, publish: bus.publish, secret: () => secrets.read("github-webhook-secret"), settings },
  );
  response.status(status).type("text/plain").send(body);
});
