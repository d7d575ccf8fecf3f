import { http } from "@google-cloud/functions-framework";
import { compose } from "../../shared/delivery/compose.ts";
import { checkedAuthorization } from "../../shared/delivery/push-token.ts";
import { buryEvent } from "./handler.ts";

const { bus, ledger, log, now, verify } = compose("bury-event", process.env);

http("bury-event", async (request, response) => {
  const authorization = checkedAuthorization(request);
  const { status, body } = await buryEvent(
    { authorization, raw: request.rawBody ?? Buffer.alloc(0) },
    { ledger, log, now, publish: bus.publish, verify },
  );
  response.status(status).send(body ?? "");
});
