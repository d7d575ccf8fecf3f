import { http } from "@google-cloud/functions-framework";
import { compose } from "../../shared/delivery/compose.ts";
import { ledgerBucket } from "../../shared/functions.ts";
import { takeReport } from "./handler.ts";

const house = compose("take-report", process.env);
const { bus, settings } = house;

http(
  "take-report",
  house.worker("report-arrived", (object, run) =>
    takeReport(object, run, { publish: bus.publish, settings, bucket: ledgerBucket(settings.project) }),
  ),
);
