// The far end as a process of its own, for the benchmark and for tests that kill it:
// `node local/pubsub/alone.ts <state.db> <project> <port>` prints one line of JSON once it answers.
import { faultStore } from "../wire/faults.ts";
import { identities, operatorIdentity } from "../wire/identity.ts";
import { realClock } from "../wire/movable-clock.ts";
import { openState } from "../wire/state.ts";
import { pubsubFarEnd } from "./far-end.ts";

const [file = ":memory:", project = "sample-hub", port = "0"] = process.argv.slice(2);
const state = openState(file);
const known = identities({ state, project });
const farEnd = await pubsubFarEnd({
  state,
  clock: realClock(),
  random: Math.random,
  identities: known,
  faults: faultStore(),
  project,
  port: Number(port),
});
const { token } = known.mint(operatorIdentity(project), ["https://www.googleapis.com/auth/pubsub"]);
process.stdout.write(`${JSON.stringify({ address: farEnd.address, authorization: `Bearer ${token}` })}\n`);
