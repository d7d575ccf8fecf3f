// Mutants that no test can see, for they do what the file does: each with why. `npm run mutate` names those that are no more.

const findsNothing = "a regular expression reads undefined as a word, in which it finds nothing either";

export const equivalents: readonly { file: string; from: string; to: string; why: string }[] = [
  {
    file: "shared/github/lists.ts",
    from: 'response.headers.link ?? ""',
    to: "response.headers.link",
    why: findsNothing,
  },
  {
    file: "shared/github/graphql.ts",
    from: 'kindOf(error) ?? ""',
    to: "kindOf(error)",
    why: findsNothing,
  },
  {
    file: "shared/delivery/incidents.ts",
    from: '"id" in event && typeof event.id === "string"',
    to: "true",
    why: "an event has no id, or a text, by its schema",
  },
  {
    file: "functions/run-transfer/complete.ts",
    from: "(await read()) ?? made",
    to: "(await read())",
    why: "a receipt that is there is deleted by nobody",
  },
  {
    file: "functions/sweep-machines/handler.ts",
    from: "if (!states.has(name))",
    to: "if (true)",
    why: "a record is read once for each machine of its transfer, and says the same",
  },
  {
    file: "functions/record-dead-letter/handler.ts",
    from: 'subscription.split("/").at(-1) ?? ""',
    to: 'subscription.split("/").at(-1)',
    why: "what was split has a last part",
  },
  {
    file: "shared/delivery/receive.ts",
    from: "hub === undefined",
    to: "false",
    why: "a record is JSON, which leaves out what is undefined",
  },
  {
    file: "shared/delivery/incidents.ts",
    from: '"id" in event && typeof event.id === "string"',
    to: '"id" in event || typeof event.id === "string"',
    why: "the id of an event is a string, by its schema",
  },
  {
    file: "infra/permissions.ts",
    from: "if (found === undefined)",
    to: "if (false)",
    why: "no grant lacks a role; one that did would stop the deployment all the same, in worse words",
  },
  {
    file: "shared/storage-client.ts",
    from: "endpoints.storage === undefined",
    to: "false",
    why: "an address that is undefined is none: the client takes its own",
  },
  {
    file: "shared/bus/client.ts",
    from: '(await (await auth).getRequestHeaders()).get("authorization") ?? ""',
    to: '(await (await auth).getRequestHeaders()).get("authorization")',
    why: "where there is no token, asking for the headers throws",
  },
  {
    file: "functions/sync-members/decide.ts",
    from: "a.name < b.name",
    to: "a.name <= b.name",
    why: "the names are the keys of a map: no two are the same",
  },
  ...[
    { from: "known.set(cell, made);", to: "{}" },
    { from: "if (before !== undefined)", to: "if (false)" },
  ].map((change) => ({
    file: "shared/sheets/rows.ts",
    ...change,
    why: "what is not remembered is read once more, and says the same",
  })),
  {
    file: "shared/flow/approvals.ts",
    from: "Object.hasOwn(waiting, item)",
    to: "true",
    why: "what an object inherits is no time: no word is later than it",
  },
  {
    file: "shared/flow/continue.ts",
    from: 'swap === "changed"',
    to: "true",
    why: "whoever looks once more finds its own wait, which stays",
  },
  ...["disableFileAccess", "disableUrlAccess"].map((switched) => ({
    file: "shared/mail/message.ts",
    from: `${switched}: true`,
    to: `${switched}: false`,
    why: "the text is a string, and nothing else is given: no file and no address is opened",
  })),
  ...["tagDigest", "buildDigest"].map((digest) => ({
    file: "functions/bump-image/image-check.ts",
    from: `${digest} === undefined`,
    to: "false",
    why: "a digest is read as a value, and written as JSON, which leaves out what is undefined",
  })),
  {
    file: "shared/flow/approvals.ts",
    from: "a.at < b.at",
    to: "a.at <= b.at",
    why: "a flow's words have their time for a name: no two have the same",
  },
  {
    file: "shared/flow/continue.ts",
    from: "service === undefined",
    to: "false",
    why: "metadata are JSON, which leaves out what is undefined; whoever reads a listing asks for the value",
  },
  {
    file: "shared/flow/incident-text.ts",
    from: "closed ?? opened",
    to: "closed",
    why: "what is over has been closed",
  },
  {
    file: "functions/sync-members/mails.ts",
    from: "ends === undefined",
    to: "false",
    why: "a mail is kept as JSON, which leaves out what is undefined; an end that is none is near on no day",
  },
  ...["name", "tier", "expires"].map((field) => ({
    file: "functions/sync-members/announce.ts",
    from: `${field} === undefined`,
    to: "false",
    why: "a mail is kept as JSON, which leaves out what is undefined; whoever writes it asks for the value",
  })),
  ...["email", "before"].map((field) => ({
    file: "functions/forget-person/refuse.ts",
    from: `"${field}" in one`,
    to: "true",
    why: "what is not there is undefined, and names nobody",
  })),
  {
    file: "shared/sheets/rows.ts",
    from: 'if (typeof cell !== "string")',
    to: "if (false)",
    why: "what is no text is read to the same again, remembered or not",
  },
  {
    file: "shared/sheets/rows.ts",
    from: 'typeof cell !== "string"',
    to: 'typeof cell === "string"',
    why: "a text that is not remembered is read to the same again",
  },
  {
    file: "shared/storage-client.ts",
    from: "if (limits.size === 0)",
    to: "if (true)",
    why: "whoever listens twice sets the same limit twice",
  },
];
