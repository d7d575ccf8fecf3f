// S3 stores that others wrote, each with each rclone that is there: cases of the long tests of transfers, and the hub of each.
import { dirname } from "node:path";
import { afterEach } from "@jest/globals";
import { foreign } from "../foreign/harness.ts";
import { type S3Server, s3Server } from "../foreign/s3-servers.ts";
import { hasRclone } from "./rclone.ts";
import { type S3Remote, s3Remotes, type TransferHub, transferHub } from "./transfer-hub.ts";

/** Stores, the hard names that each cannot hold, and the kinds beside the bytes that it does not keep. */
const stores = [
  { store: "radosgw", refuses: [], drops: [] },
  { store: "s3rver", refuses: ["folder//of no name.txt"], drops: ["tags", "hold or retention"] },
] as const;

type StoreName = (typeof stores)[number]["store"];

/** Gives the cases of a test file, and says aloud which of them are skipped. What was begun ends with its test. */
export async function foreignStores(file: string) {
  const current = foreign("bin/rclone", file);
  /** Each rclone, and the folder in which machines find it first. */
  const rclones: { rclone: string; programs: string | undefined }[] = [
    ...((await hasRclone(file)) ? [{ rclone: "the system's rclone", programs: undefined }] : []),
    ...(current === undefined ? [] : [{ rclone: "a current rclone", programs: dirname(current) }]),
  ];
  const starts = { radosgw: s3Server("radosgw", file), s3rver: s3Server("s3rver", file) };
  const cases = stores
    .filter(({ store }) => starts[store] !== undefined)
    .flatMap((store) => rclones.map((rclone) => ({ ...store, ...rclone })));

  let server: S3Server | undefined;
  let hub: TransferHub | undefined;
  afterEach(async () => {
    await hub?.close();
    await server?.close();
  });

  /** Starts the server of a case. */
  async function served(
    { store }: { store: StoreName },
    locked: readonly S3Remote[] = [],
  ): Promise<S3Server> {
    const start = starts[store];
    if (start === undefined) throw new Error("it was to be skipped");
    server = await start({ buckets: s3Remotes, locked });
    return server;
  }

  return {
    cases,
    /** Cases with the newest rclone that is there. */
    newest: cases.filter(({ store }, index) => cases[index + 1]?.store !== store),
    served,
    /** Starts a hub over the store of a case. */
    async begun(of: (typeof cases)[number], locked: readonly S3Remote[] = []): Promise<TransferHub> {
      hub = await transferHub({ server: await served(of, locked), programs: of.programs });
      return hub;
    },
  };
}
