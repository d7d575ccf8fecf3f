import { http } from "@google-cloud/functions-framework";
import { compose } from "../../shared/compose.ts";
import { continueWork } from "./handler.ts";

const house = compose("continue-work", process.env);
const { bus, ledger, now } = house;

http(
  "continue-work",
  house.worker("continue-due", (_tick, run) => continueWork(run, { ledger, now, publish: bus.publish })),
);
