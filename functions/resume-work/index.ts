import { http } from "@google-cloud/functions-framework";
import { compose } from "../../shared/delivery/compose.ts";
import { deployedBy } from "../../shared/deployed.ts";
import { resumeWork } from "./handler.ts";
import { lookAtIncidents } from "./incidents.ts";

const house = compose("resume-work", process.env);
const { bus, ledger, now, settings, knownIncidents } = house;
const { topics: heard } = deployedBy(settings);
const looked = {};
const incidents = () =>
  lookAtIncidents(looked, { ledger, now, publish: bus.publish, settings, knownIncidents });

http(
  "resume-work",
  house.worker("continue-due", (_tick, run) =>
    resumeWork(run, { ledger, now, publish: bus.publish, heard, incidents }),
  ),
);
