import { http } from "@google-cloud/functions-framework";
import { compose } from "../../shared/delivery/compose.ts";
import { forwardTransferReport } from "./handler.ts";

const house = compose("forward-transfer-report", process.env);

http(
  "forward-transfer-report",
  house.worker("transfer-reported", (event) => forwardTransferReport(event, { publish: house.bus.publish })),
);
