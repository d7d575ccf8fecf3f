// The protocol, from the client's own description of it.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { ServiceDefinition as GrpcService } from "@grpc/grpc-js";
import type { ServiceDefinition } from "@grpc/proto-loader";
import * as z from "zod";
import type { Refusal } from "./refusal.ts";
import { lostFields } from "./unknown-fields.ts";

/** A request as it was decoded, and the refusal of what decoding has lost of it. */
export type Decoded = { request: unknown; lost?: Refusal | undefined };

let known: ReturnType<typeof readProtocol> | undefined;

/** Gives the services of Pub/Sub. Their description is read once a process: 200 kB, the same for every far end. */
export function protocol(): Promise<GrpcService[]> {
  known ??= readProtocol();
  return known;
}

async function readProtocol(): Promise<GrpcService[]> {
  const { fromJSON } = await import("@grpc/proto-loader");
  const require = createRequire(import.meta.url);
  const description = JSON.parse(
    readFileSync(require.resolve("@google-cloud/pubsub/build/protos/protos.json"), "utf8"),
  );
  const definitions = fromJSON(description, { longs: Number, enums: String, defaults: true });
  const lostOf = lostFields(description);
  return ["Publisher", "Subscriber", "SchemaService"].map((name) =>
    heeding(definitions[`google.pubsub.v1.${name}`] as ServiceDefinition, lostOf),
  );
}

const RequestType = z.object({ name: z.string() });

/** Makes each method's decoder say what it loses. */
const heeding = (service: ServiceDefinition, lostOf: ReturnType<typeof lostFields>): GrpcService =>
  Object.fromEntries(
    Object.entries(service).map(([name, method]) => {
      const { name: type } = RequestType.parse(method.requestType.type);
      const requestDeserialize = (bytes: Buffer): Decoded => ({
        request: method.requestDeserialize(bytes),
        lost: lostOf(`google.pubsub.v1.${type}`, bytes),
      });
      return [name, { ...method, requestDeserialize }];
    }),
  );
