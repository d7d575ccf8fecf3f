// State of GitHub before the first run on the sample hub: an organisation with its teams, an owner, somebody whom a person added
// by hand, and the accounts of the people in the sheet.
import type { Settings } from "../../shared/settings.ts";
import type { World } from "../github/people.ts";
import { samplePeople } from "./people.ts";

const owner = "sample-owner";
const guest = "guest-lecturer";
const outsiders = 5;

export function sampleOrganisations(settings: Settings, people: number): World[] {
  const crowd = samplePeople(people);
  return Object.values(settings.hubs).flatMap(({ organisation, members }): World[] => {
    if (members === undefined) return [];
    const slugs = [...new Set(Object.values(members.tiers))];
    // GitHub has a member of the organisation in some team or in none: here in one that Groundcrew does not manage.
    const staff = { slug: "staff", name: "Staff", members: [owner] };
    return [
      {
        organisation,
        ageDays: 900,
        owners: [owner],
        users: [
          { login: owner },
          { login: guest },
          ...crowd.map(({ login }) => ({ login })),
          ...Array.from({ length: outsiders }, (_, index) => ({ login: `passer-by-${index + 1}` })),
        ],
        teams: [
          {
            ...staff,
            members: [
              owner,
              ...crowd.filter(({ start }) => start === "in-organisation").map(({ login }) => login),
            ],
          },
          ...slugs.map((slug, index) => ({
            slug,
            name: slug.replaceAll("-", " "),
            members: [
              ...crowd
                .filter(({ start, tier }) => start === "in-team" && members.tiers[tier] === slug)
                .map(({ login }) => login),
              ...(index === 1 ? [guest] : []),
            ],
          })),
        ],
      },
    ];
  });
}
