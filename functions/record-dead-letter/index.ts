import { http } from "@google-cloud/functions-framework";
import { compose } from "../../shared/delivery/compose.ts";
import { checkedAuthorization } from "../../shared/delivery/push-token.ts";
import { recordDeadLetter } from "./handler.ts";

const { bus, ledger, log, now, verify } = compose("record-dead-letter", process.env);

http("record-dead-letter", async (request, response) => {
  const authorization = checkedAuthorization(request);
  const { status, body } = await recordDeadLetter(
    { authorization, raw: request.rawBody ?? Buffer.alloc(0) },
    { ledger, log, now, publish: bus.publish, verify },
  );
  response.status(status).send(body ?? "");
});
