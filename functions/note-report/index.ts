import { http } from "@google-cloud/functions-framework";
import { compose } from "../../shared/delivery/compose.ts";
import { noteReport } from "./handler.ts";

const house = compose("note-report", process.env);

http(
  "note-report",
  house.worker("transfer-reported", (event) => noteReport(event, { publish: house.bus.publish })),
);
