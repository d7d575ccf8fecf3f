// Shapes of resources in the graph that tests read; a shape that changed is a failure.
import * as z from "zod";
import { type FunctionName, functionNames } from "../../shared/functions.ts";
import type { Graph } from "./graph.ts";

const Deployed = z.looseObject({
  name: z.string(),
  buildConfig: z.looseObject({
    runtime: z.string(),
    entryPoint: z.string(),
    serviceAccount: z.string(),
    source: z.object({ storageSource: z.object({ bucket: z.string(), object: z.string() }) }),
  }),
  serviceConfig: z.looseObject({
    serviceAccountEmail: z.string(),
    timeoutSeconds: z.number(),
    ingressSettings: z.string(),
    maxInstanceCount: z.number(),
    environmentVariables: z.record(z.string(), z.string()),
    secretEnvironmentVariables: z.array(
      z.object({ key: z.string(), secret: z.string(), version: z.string(), projectId: z.string() }),
    ),
  }),
});
export const functionsIn = (graph: Graph) =>
  graph.of("cloudfunctionsv2/function:Function").map((one) => Deployed.parse(one));
export const Subscription = z.looseObject({
  name: z.string(),
  topic: z.string(),
  ackDeadlineSeconds: z.number(),
  messageRetentionDuration: z.string(),
  expirationPolicy: z.object({ ttl: z.string() }),
  retryPolicy: z.object({ minimumBackoff: z.string(), maximumBackoff: z.string() }),
  pushConfig: z.object({
    pushEndpoint: z.string(),
    oidcToken: z.object({ serviceAccountEmail: z.string(), audience: z.string() }),
  }),
  deadLetterPolicy: z.object({ deadLetterTopic: z.string(), maxDeliveryAttempts: z.number() }).optional(),
});
export const Member = z.looseObject({ member: z.string(), role: z.string(), name: z.string().optional() });

/** A name, known to be a function of the table. */
export function nameOf(name: string): FunctionName {
  const found = functionNames.find((one) => one === name);
  if (found === undefined) throw new Error(`${name} is no function of the table`);
  return found;
}
