// Paragraphs to send to a member, ready to paste.
import type { Hub } from "../settings.ts";

/** Paragraph for somebody who has access. */
export const pasteInTeam = (login: string, hub: Hub): string =>
  `Hello! Your GitHub account ${login} has access to ${hub.url}. Please log out there, open that address in a private browser window and sign in to GitHub as ${login} (another account will not work). If it still refuses, send us a picture of the page and the time.`;

/** Paragraphs for those who do not, or not yet. */
export const paragraphs = ({ url, organisation }: Hub) => {
  const link = `https://github.com/orgs/${organisation}/invitation`;
  return {
    accept: (login: string) =>
      `Hello! Your access to ${url} is almost ready: GitHub has sent an invitation to your account ${login}. Please sign in to GitHub with that account, open ${link} and press Join. Then log in at ${url} with the same account.`,
    acceptByMail: () =>
      `Hello! Your access to ${url} is almost ready: GitHub has sent you an invitation by mail. Please open the link in it, sign in to GitHub and press Join. Then log in at ${url} with the same account.`,
    soon: (login: string) =>
      `Hello! Your access to ${url} with the GitHub account ${login} is being set up. Once it is ready, a mail from GitHub comes; please accept the invitation in it within 7 days.`,
    ended: () =>
      `Hello! Your membership of ${url} has ended, which is why you cannot log in. Please write back if you would like to go on using it.`,
    whichAccount: (login: string) =>
      `Hello! We have "${login}" as your GitHub username, and cannot use it. Could you open https://github.com/settings/profile while signed in and send us the name at the top left? We will add it, and you will get an invitation by mail.`,
    whichOfTwo: (login: string) =>
      `Hello! We have two GitHub accounts of yours, one of them "${login}". Could you open https://github.com/settings/profile while signed in to the one that you want to use, and send us the name at the top left?`,
    username: () =>
      `Hello! We could not find you among the members of ${url}. Could you send us your GitHub username and the e-mail address with which you applied?`,
    applied: (login: string) =>
      `Hello! We have your application for ${url}; it has not been entered yet. Once it is approved, GitHub sends an invitation to your account ${login}; please accept it within 7 days.`,
    notGranted: () =>
      `Hello! Your access to ${url} has not been granted so far. Please write back if you think that this is a mistake.`,
    stillWanted: (what: string) =>
      `Hello! Your access to ${url} ${what}, as GitHub tells us. Do you still want it? Then write back, and we will send an invitation.`,
    offeredOften: (login: string, times: number) =>
      `Hello! Your access to ${url} was offered to your GitHub account ${login} ${times} times, and was not accepted. Do you still want it? Then write back, and we will send another invitation.`,
    comesAgain: (login: string) =>
      `Hello! Your invitation to ${url} is no longer open. Another one comes to your GitHub account ${login}; please accept it within 7 days at ${link}.`,
    blocked: () =>
      `Hello! GitHub does not let us give your account access to ${url}. Please look under https://github.com/settings/blocked_users whether ${organisation} is blocked there, take it off, and write back.`,
    secondFactor: (login: string) =>
      `Hello! Our organisation at GitHub asks for a second factor, and your account ${login} has none. Please turn it on at https://github.com/settings/security; an invitation comes within a day or two.`,
    homeFull: (login: string) =>
      `Hello! Your home on ${url} (${login}) is full, and a server may not start because of that. We are asking for room; once you are in, please delete or move what you no longer need.`,
    outage: () =>
      `Hello! GitHub, by which you log in to ${url}, has trouble at the moment. Please try again once https://www.githubstatus.com says that it is over.`,
  };
};
