import { http } from "@google-cloud/functions-framework";
import { ground } from "../../shared/compute/ground.ts";
import { machines } from "../../shared/compute/machines.ts";
import { compose } from "../../shared/delivery/compose.ts";
import { prober } from "../../shared/remotes/probe.ts";
import { storageClient } from "../../shared/storage-client.ts";
import { checkTransfers } from "./handler.ts";

const house = compose("check-transfers", process.env);
const { endpoints, ledger, now, secrets, settings } = house;
const { project } = settings;
const fleet = machines({ project, endpoints });
const network = ground({ project, endpoints });
const probe = prober({
  storage: storageClient({ project, endpoints }),
  keys: () => secrets.read("transfer-keys"),
  ...(endpoints.s3 === undefined ? {} : { s3Endpoint: endpoints.s3 }),
});

http(
  "check-transfers",
  house.worker(
    "transfer-check-due",
    (event, run) =>
      checkTransfers(event, run, { ledger, probe, machines: fleet, ground: network, settings, now }),
    () => [],
  ),
);
