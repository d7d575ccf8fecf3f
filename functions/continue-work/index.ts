import { http } from "@google-cloud/functions-framework";
import { compose } from "../../shared/delivery/compose.ts";
import { deployedBy } from "../../shared/deployed.ts";
import { continueWork } from "./handler.ts";
import { lookAtIncidents } from "./incidents.ts";

const house = compose("continue-work", process.env);
const { bus, ledger, now, settings, standing } = house;
const { topics: heard } = deployedBy(settings);
const looked = {};
const incidents = () => lookAtIncidents(looked, { ledger, now, publish: bus.publish, settings, standing });

http(
  "continue-work",
  house.worker("continue-due", (_tick, run) =>
    continueWork(run, { ledger, now, publish: bus.publish, heard, incidents }),
  ),
);
