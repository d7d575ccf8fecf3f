import { http } from "@google-cloud/functions-framework";
import { compose } from "../../shared/delivery/compose.ts";
import { accountClient } from "../../shared/github/account.ts";
import { forks } from "../../shared/github/fork.ts";
import { repositories } from "../../shared/github/repositories.ts";
import { registryClient } from "../../shared/registry/client.ts";
import { bumpImage } from "./handler.ts";

const house = compose("bump-image", process.env);
const { bus, endpoints, ledger, now, secrets, settings } = house;
const github = accountClient({ endpoints, token: () => secrets.read("github-fork-token") });
const deps = {
  ledger,
  now,
  settings,
  publish: bus.publish,
  repositories: repositories(github),
  forks: forks(github),
  registry: registryClient({ endpoints }),
};

http(
  "bump-image",
  house.worker(
    "release-published",
    (event, run, delivery) => bumpImage(event, run, delivery, deps),
    () => ["github", "docker.io", "quay.io"],
  ),
);
