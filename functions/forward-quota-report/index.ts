import { http } from "@google-cloud/functions-framework";
import { compose } from "../../shared/delivery/compose.ts";
import { ledgerBucket } from "../../shared/functions.ts";
import { forwardQuotaReport } from "./handler.ts";

const house = compose("forward-quota-report", process.env);
const { bus, settings } = house;

http(
  "forward-quota-report",
  house.worker("report-arrived", (object, run) =>
    forwardQuotaReport(object, run, {
      publish: bus.publish,
      settings,
      bucket: ledgerBucket(settings.project),
    }),
  ),
);
