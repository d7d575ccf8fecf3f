import { http } from "@google-cloud/functions-framework";
import { compose } from "../../shared/delivery/compose.ts";
import { forgetPeople } from "./handler.ts";

const house = compose("forget-person", process.env);
const { ledger } = house;

http(
  "forget-person",
  house.worker("forget-due", ({ hub }, run) => forgetPeople(hub, run, { ledger })),
);
