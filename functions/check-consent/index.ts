import { http } from "@google-cloud/functions-framework";
import { compose } from "../../shared/delivery/compose.ts";
import { gmailSignIn } from "../../shared/mail/gmail.ts";
import { checkConsent } from "./handler.ts";

const house = compose("check-consent", process.env);
const { endpoints, ledger, now, secrets } = house;
const signIn = gmailSignIn({ endpoints, oauth: () => secrets.read("gmail-oauth"), now });

http(
  "check-consent",
  house.worker(
    "consent-due",
    (_tick, run) => checkConsent(run, { ledger, now, signIn }),
    () => ["google-sign-in"],
  ),
);
