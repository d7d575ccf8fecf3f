// Addresses of the far end of each wire. In the cloud nothing is set and the clients find the vendors. On the sample hub and in
// tests every client is pointed at a server that speaks the vendor's protocol.
import * as z from "zod";

const Endpoints = z.strictObject({
  /** host:port of gRPC. */
  pubsub: z.string().optional(),
  storage: z.url().optional(),
  /** Sheets, Drive, Gmail and the token endpoint, each under its own path. */
  google: z.url().optional(),
  secrets: z.url().optional(),
  github: z.url().optional(),
  /** Instead of the address in a hub's quota settings. */
  prometheus: z.url().optional(),
  /** Registries of images, each under its own name. */
  registry: z.url().optional(),
  compute: z.url().optional(),
  slack: z.url().optional(),
  /** Stands for the endpoint of every S3-shaped remote. */
  s3: z.url().optional(),
  /** Address of Cloud Storage's own S3 interface, for Google-shaped remotes where the machines' rclone speaks S3 only. */
  interop: z.url().optional(),
  /** PEM certificates, by key id, of who signs the push tokens. */
  certificates: z.url().optional(),
  /** The sample hub's own switches: its clock and its faults. Never set in the cloud. */
  world: z.url().optional(),
});
export type Endpoints = z.infer<typeof Endpoints>;

export function endpointsFrom(env: Record<string, string | undefined>): Endpoints {
  return Endpoints.parse(JSON.parse(env["GROUNDCREW_ENDPOINTS"] ?? "{}"));
}
