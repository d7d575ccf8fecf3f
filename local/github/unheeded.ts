// Names what a question in GraphQL may say by the schema, and nobody here does.
import { type DocumentNode, Kind, visit } from "graphql";

/** Names what the schema has and nothing here heeds. */
export function unheeded(document: DocumentNode): string[] {
  const names: string[] = [];
  visit(document, {
    [Kind.OPERATION_DEFINITION]({ operation }) {
      if (operation !== "query") names.push(`a ${operation}`);
    },
    [Kind.ARGUMENT]({ name: { value } }) {
      if (["dryRun", "orderBy", "query"].includes(value)) names.push(`the argument ${value}`);
    },
    // A team's own members look the same as all of them here, where no team has a child: whoever asks for others must hear of it.
    [Kind.FIELD]({ name, arguments: given = [] }) {
      const own = given.some(
        ({ name: { value }, value: asked }) =>
          value === "membership" && asked.kind === Kind.ENUM && asked.value === "IMMEDIATE",
      );
      if (name.value === "members" && !own) names.push("members of a child team");
      // The schema is a part of GitHub's.
      if (/^__(?:schema|type)$/.test(name.value)) names.push(name.value);
      const words = given.map((each) => each.name.value);
      const [forwards, backwards] = [
        ["first", "after"],
        ["last", "before"],
      ].map((way) => way.filter((word) => words.includes(word)));
      if (forwards?.length && backwards?.length)
        names.push(`${[...forwards, ...backwards].join(" and ")} together`);
    },
  });
  return names;
}
