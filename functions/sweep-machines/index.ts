import { http } from "@google-cloud/functions-framework";
import { machines } from "../../shared/compute/machines.ts";
import { compose } from "../../shared/delivery/compose.ts";
import { sweepMachines } from "./handler.ts";

const house = compose("sweep-machines", process.env);
const { endpoints, ledger, now, settings } = house;
const fleet = machines({ project: settings.project, endpoints });

http(
  "sweep-machines",
  house.worker(
    "sweep-due",
    (_tick, run) => sweepMachines(run, { ledger, now, settings, machines: fleet }),
    () => ["compute"],
  ),
);
