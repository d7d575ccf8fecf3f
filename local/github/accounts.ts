// Accounts. Logins are compared without regard to case, as GitHub does.
import { notFound, ok, publicUser } from "./answers.ts";
import { accountIn, type Rule } from "./call.ts";

export const user: Rule = (call) => {
  const account = accountIn(call);
  return account === undefined ? notFound : ok(publicUser(account, call.api));
};
