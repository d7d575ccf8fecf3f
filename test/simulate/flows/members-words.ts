// Words that people have said on somebody's membership of a team, of what they were shown.
import { type Approval, HeldPlan } from "../../../shared/records.ts";
import type { World } from "../world.ts";
import { hub } from "./settings.ts";
import type { Words } from "./words.ts";

export function membershipWords(world: World, words: Words) {
  const { approvalHours = 0 } = world.settings.hubs[hub]?.members ?? {};

  const shown = (login: string, slug: string) =>
    world
      .records(`plans/${hub}/`)
      .flatMap(({ text }) => HeldPlan.parse(JSON.parse(text)).plan.held)
      .filter(({ about, team }) => about === login && team === slug);

  /** Says whether a person has let a membership count as ours that was there before. */
  const isAdopted = (login: string, slug: string): boolean =>
    shown(login, slug).some((one) => one.do === "adopt" && words.on(one.hash)?.verdict === "approved");

  /** The newest word that counts on a removal that people were shown; undefined where they were shown none, or said nothing. */
  function wordOn(login: string, slug: string): Approval | undefined {
    const said = shown(login, slug)
      .flatMap((one) => (one.do === "adopt" ? [] : (words.on(one.hash) ?? [])))
      .sort((a, b) => (a.at < b.at ? -1 : 1))
      .at(-1);
    const hours = (world.now().getTime() - Date.parse(said?.at ?? "")) / 3_600_000;
    return hours <= approvalHours ? said : undefined;
  }

  return { isAdopted, wordOn };
}
