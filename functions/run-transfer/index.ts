import { setTimeout } from "node:timers/promises";
import { http } from "@google-cloud/functions-framework";
import { ground } from "../../shared/compute/ground.ts";
import { machines } from "../../shared/compute/machines.ts";
import { compose } from "../../shared/delivery/compose.ts";
import { budgetStore } from "../../shared/flow/budget-store.ts";
import { describer, sumsAsker } from "../../shared/remotes/heads.ts";
import { remoteLister } from "../../shared/remotes/list.ts";
import { locator } from "../../shared/remotes/location.ts";
import { folderFinder, rangeFinder } from "../../shared/remotes/ranges.ts";
import { uploadEnder } from "../../shared/remotes/uploads.ts";
import { storageClient } from "../../shared/storage-client.ts";
import { runTransfer } from "./handler.ts";

const house = compose("run-transfer", process.env);
const { bus, endpoints, ledger, now, secrets, settings } = house;
const { project } = settings;
const fleet = machines({ project, endpoints });
const network = ground({ project, endpoints });
const stores = {
  storage: storageClient({ project, endpoints }),
  keys: () => secrets.read("transfer-keys"),
  ...(endpoints.s3 === undefined ? {} : { s3Endpoint: endpoints.s3 }),
};
const list = remoteLister(stores);
const ranges = rangeFinder(stores);
const folders = folderFinder(stores);
const budgets = budgetStore({ ledger, now, random: Math.random, pause: setTimeout });
const askSums = sumsAsker(stores);
const describe = describer(stores);
const locate = locator(stores);
const endUploads = uploadEnder(stores);

http(
  "run-transfer",
  house.worker(
    "transfer-request",
    (event, run, delivery) =>
      runTransfer(event, run, delivery, {
        ledger,
        budgets,
        machines: fleet,
        ground: network,
        list,
        ranges,
        folders,
        askSums,
        describe,
        locate,
        endUploads,
        publish: bus.publish,
        now,
        pause: (milliseconds) => setTimeout(milliseconds),
        settings,
        wires: endpoints,
      }),
    // A machine that runs does not wait for a store that a new request has to ask.
    (event) => (event.from === undefined ? ["compute"] : ["compute", "s3"]),
  ),
);
