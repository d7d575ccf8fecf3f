// Answers of Docker Hub and quay.io that give no image: what they mean. Pure. A manifest is asked for by HEAD, so most answers
// come without words: their status speaks.
import type { Pattern, Service } from "../failure.ts";
import { services } from "../failure.ts";

/** The first that fits speaks. `at` is which of the two requests was answered. */
export function refusals(service: Service, at: "manifest" | "token"): readonly Pattern[] {
  const { name, status } = services[service];
  const wait = `nothing: the images are looked for again by themselves; when it goes on, see ${status}`;
  const common: Pattern[] = [
    {
      // https://docs.docker.com/docker-hub/usage/: 100 pulls in 6 hours for everybody behind one address, and a limit
      // against abuse; quay.io says 429 at a few requests a second (https://docs.quay.io/issues/429.html).
      status: 429,
      cause: "too-many-requests",
      lasts: "transient",
      why: `${name} takes no more questions from this network for now`,
      next: wait,
    },
  ];
  const blocked = {
    status: 403,
    cause: "network-blocked",
    lasts: "lasting",
    why: `${name} answers nobody from the network that Groundcrew runs in`,
    next: `whoever runs Groundcrew asks ${name}'s support to unblock its network, or runs it in another region`,
  } as const;
  if (at === "token")
    return [
      ...common,
      // Docker Hub's own words, in HTML: https://github.com/docker/docs/issues/10533.
      { ...blocked, text: /export control/i },
      {
        // No credentials are sent, so none can be wrong: it was an incident of Docker Hub's each time
        // (https://github.com/docker-library/tomcat/issues/321).
        status: [401, 403, 404],
        cause: "no-token",
        lasts: "transient",
        why: `${name} gave no token, which it gives to everybody`,
        next: wait,
      },
    ];
  return [
    ...common,
    // Before any token is asked for.
    blocked,
    {
      status: 401,
      cause: "token-not-taken",
      lasts: "transient",
      why: `${name} does not take the token that it has just given`,
      next: wait,
    },
  ];
}
