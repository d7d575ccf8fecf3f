import { http } from "@google-cloud/functions-framework";
import { compose } from "../../shared/delivery/compose.ts";
import { gmail } from "../../shared/mail/gmail.ts";
import { slackChat } from "../../shared/slack/chat.ts";
import { needsOf, sendNotice } from "./handler.ts";

const house = compose("send-notice", process.env);
const { endpoints, ledger, now, secrets, settings } = house;
const mail = gmail({ endpoints, oauth: () => secrets.read("gmail-oauth"), sender: settings.team.sender });
const slack = slackChat({ endpoints, token: () => secrets.read("slack-bot-token") });

http(
  "send-notice",
  house.worker(
    "notice",
    (notice, run, delivery) => sendNotice(notice, run, delivery, { ledger, mail, now, settings, slack }),
    (notice) => needsOf(notice, settings),
  ),
);
