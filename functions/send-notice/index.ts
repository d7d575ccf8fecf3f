import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { http } from "@google-cloud/functions-framework";
import { compose } from "../../shared/delivery/compose.ts";
import { budgetStore } from "../../shared/flow/budget-store.ts";
import { gmail } from "../../shared/mail/gmail.ts";
import { slackChat } from "../../shared/slack/chat.ts";
import { needsOf, sendNotice } from "./handler.ts";
import { mailBudget } from "./mail-budget.ts";

const house = compose("send-notice", process.env);
const { endpoints, ledger, now, secrets, settings } = house;
const mail = gmail({ endpoints, oauth: () => secrets.read("gmail-oauth"), sender: settings.team.sender });
const budgets = budgetStore({ ledger, now, random: Math.random, pause: setTimeout });
const mails = mailBudget({ budgets, now, settings, instance: randomUUID() });
const slack = slackChat({ endpoints, token: () => secrets.read("slack-bot-token") });

http(
  "send-notice",
  house.worker(
    "notice",
    (notice, run, delivery) =>
      sendNotice(notice, run, delivery, { ledger, mail, mails, now, settings, slack }),
    (notice) => needsOf(notice, settings),
  ),
);
