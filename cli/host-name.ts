// An option's value that is a host of addresses, gathered over its repetitions.
import { InvalidArgumentError } from "commander";

/** `<host>` or `<host>:<port>` as an address has it, behind those that came before. */
export function hostNames(given: string, before: readonly string[] | undefined): string[] {
  const isHost = /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i.test(given);
  if (!isHost)
    throw new InvalidArgumentError(
      "It is a host as an address has it, such as hub.example.org or localhost:8080.",
    );
  return [...(before ?? []), given.toLowerCase()];
}
