// Words that every API of Google's takes; what clients say of themselves changes no answer.
import type { Vocabulary } from "../wire/vocabulary.ts";

export const ofEveryCall: Vocabulary = {
  query: ["alt=json", "$alt=json", "prettyPrint", "$prettyPrint"],
  headers: ["x-goog-api-client", "x-goog-request-params", "x-goog-api-version"],
};
