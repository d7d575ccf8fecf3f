// What the parts of a look at the images share: its settings and wires, what it remembers, and when it is looked at again.
import type { Publish } from "../../shared/bus/publish.ts";
import type { Clock } from "../../shared/clock.ts";
import type { RunBook } from "../../shared/delivery/recorder.ts";
import { passing } from "../../shared/errors.ts";
import { continueAt } from "../../shared/flow/continue.ts";
import type { Forks } from "../../shared/github/fork.ts";
import type { Repositories } from "../../shared/github/repositories.ts";
import type { Ledger } from "../../shared/ledger.ts";
import { ImagesHead } from "../../shared/records.ts";
import type { Registry } from "../../shared/registry/client.ts";
import type { ImagesSettings, Settings } from "../../shared/settings.ts";

export type BumpImageDeps = {
  ledger: Ledger;
  repositories: Repositories;
  forks: Forks;
  registry: Registry;
  publish: Publish;
  now: Clock;
  settings: Settings;
};

export type Work = {
  hub: string;
  images: ImagesSettings;
  run: RunBook;
  deps: BumpImageDeps;
  /** Throws when another delivery has taken over: called before each write. */
  check: () => Promise<void>;
  memory: Memory;
};

/** What a look has found out so far; how it stands is said in the end. */
export type Known = Omit<ImagesHead, "standing" | "sentence">;

export const lookAgain = (hub: string) =>
  ({
    function: "bump-image",
    hub,
    topic: "release-published",
    event: { v: 1, hub, why: "continue" },
  }) as const;

export async function lookAgainIn(milliseconds: number, { hub, deps }: Work): Promise<void> {
  const at = new Date(deps.now().getTime() + milliseconds);
  await continueAt(deps.ledger, { ...lookAgain(hub), at });
}

export type Memory = {
  value: () => ImagesHead | undefined;
  /** Replaces it; throws when another delivery has. What has not changed but for the time is left. */
  keep: (head: ImagesHead) => Promise<void>;
};

export async function remember(hub: string, ledger: Ledger): Promise<Memory> {
  const name = `head/images/${hub}.json`;
  let current = await ledger.read(name, ImagesHead);
  const timeless = (head: ImagesHead | undefined) =>
    JSON.stringify(head === undefined ? {} : { ...head, at: "" });
  return {
    value: () => current?.value,
    async keep(head) {
      const parsed = ImagesHead.parse(head);
      if (timeless(parsed) === timeless(current?.value)) return;
      if ((await ledger.swap(name, parsed, current?.generation ?? "0")) === "changed")
        throw passing("the memory was changed by another delivery, which goes on with the work");
      current = await ledger.read(name, ImagesHead);
    },
  };
}
