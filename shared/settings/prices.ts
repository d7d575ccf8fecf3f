// Prices by which the cost of transfers is counted. Those of Google were read on the day of `asOf`; whoever pays others writes them
// into groundcrew.yaml.
import * as z from "zod";

const Dollars = z.number().min(0);

/** Prices that differ by storage class, of the three colder ones and, for operations, of the standard one. */
const cold = (nearline: number, coldline: number, archive: number) => ({
  nearline: Dollars.default(nearline).describe("Of Nearline storage."),
  coldline: Dollars.default(coldline).describe("Of Coldline storage."),
  archive: Dollars.default(archive).describe("Of Archive storage."),
});
const operations = (standard: number, ...colder: Parameters<typeof cold>) =>
  z
    .strictObject({
      standard: Dollars.default(standard).describe("Of Standard storage."),
      ...cold(...colder),
    })
    .prefault({});

/** The first tier of each, in Iowa (https://cloud.google.com/storage/pricing): what is used beyond it costs less. */
export const Prices = z.strictObject({
  asOf: z.iso
    .date()
    .default("2026-09-20")
    .describe("When they were looked up. Ninety days later a plan says that they are old."),
  internetGiB: Dollars.default(0.12).describe("Of each GiB that leaves Google Cloud."),
  betweenRegionsGiB: Dollars.optional().describe(
    "Of each GiB that moves between regions or is replicated. Without it: by Google's tables.",
  ),
  retrievalGiB: z
    .strictObject(cold(0.01, 0.02, 0.05))
    .prefault({})
    .describe("Of each GiB that is read, by its storage class."),
  classA: operations(0.005, 0.01, 0.02, 0.05).describe("Of 1,000 writes or listings in a region."),
  classB: operations(0.0004, 0.001, 0.01, 0.05).describe("Of 1,000 reads."),
});
export type Prices = z.infer<typeof Prices>;

/** Prices of an S3-compatible store: nothing, unless the settings say it. */
export const StorePrices = z.strictObject({
  outGiB: Dollars.default(0).describe("Of each GiB that is read from it."),
  readsPer1000: Dollars.default(0).describe("Of 1,000 GETs or HEADs."),
  writesPer1000: Dollars.default(0).describe("Of 1,000 PUTs, POSTs or listings."),
});
export type StorePrices = z.infer<typeof StorePrices>;
