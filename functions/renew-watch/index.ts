import { http } from "@google-cloud/functions-framework";
import { compose } from "../../shared/delivery/compose.ts";
import { identityOf } from "../../shared/functions.ts";
import { driveWatch } from "../../shared/sheets/drive.ts";
import { renewWatch } from "./handler.ts";

const house = compose("renew-watch", process.env);
const { endpoints, ledger, now, secrets, settings } = house;
const drive = driveWatch({ endpoints, identity: identityOf("renew-watch", settings.project) });
// Address that Drive is to call: the public one of the door.
const address = process.env["GROUNDCREW_SHEET_WEBHOOK"] ?? "";

http(
  "renew-watch",
  house.worker(
    "watch-due",
    ({ hub }, run) =>
      renewWatch(hub, run, {
        address,
        drive,
        ledger,
        now,
        secret: () => secrets.read("sheet-webhook-secret"),
        settings,
      }),
    () => ["drive"],
  ),
);
