// A door alone in its process, over the framework as archives run it: `body-door.ts <function>` serves a function of the
// project; `body-door.ts '{"bytes":..}'` one within other limits, which says what it was given. Prints its port, and at
// each line on stdin the most memory that it has held so far.
import { createHash } from "node:crypto";
import { createInterface } from "node:readline";
import { http } from "@google-cloud/functions-framework";
import { getTestServer } from "@google-cloud/functions-framework/testing";
import { takeBodiesRaw } from "../../shared/delivery/raw-body.ts";

const [, , given = "{}"] = process.argv;
const name = given.startsWith("{") ? "echo" : given;
if (name === "echo") {
  takeBodiesRaw(JSON.parse(given), (status) => process.stderr.write(`${status}\n`));
  http(name, (request, response) => {
    const { rawBody = Buffer.alloc(0), headers } = request;
    const sha256 = createHash("sha256").update(rawBody).digest("hex");
    response.json({ bytes: rawBody.length, sha256, type: headers["content-type"] ?? "" });
  });
} else await import(`../../functions/${name}/index.ts`);

const server = getTestServer(name);
const say = (said: object): void => void process.stdout.write(`${JSON.stringify(said)}\n`);
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  say({ port: typeof address === "object" ? address?.port : 0 });
});
createInterface({ input: process.stdin }).on("line", () =>
  say({ peakBytes: process.resourceUsage().maxRSS * 1024 }),
);
