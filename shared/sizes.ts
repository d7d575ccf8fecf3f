// Sizes as people write and read them. GB is 10^9 and GiB 2^30, 7 % apart: settings carry the unit, and words use theirs.
import * as z from "zod";

const units: Record<string, number> = {
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};

/** "50 GB", "100 GiB". */
export const Size = z
  .string()
  .regex(/^\d{1,6}(\.\d{1,3})? ?([kMGT]B|[KMGT]iB)$/, 'a size has a number and a unit: "50 GB", "100 GiB"');
export type Size = z.infer<typeof Size>;

/** The bytes of a size that its schema has let through. */
export function bytesOf(size: Size): number {
  const [, number = "0", unit = "B"] = /^([\d.]+) ?(\w+)$/.exec(size) ?? [];
  return Math.round(Number(number) * (units[unit] ?? 1));
}

/** Bytes in a size's own unit, "31.2 GB", so that the two can be compared at a glance. */
export function inUnitOf(bytes: number, size: Size): string {
  const unit = /[A-Za-z]+$/.exec(size)?.[0] ?? "B";
  return `${rounded(bytes / (units[unit] ?? 1))} ${unit}`;
}

/** "31.2 GB": decimal units, three digits. */
export function sizeWord(bytes: number): string {
  const unit = ["TB", "GB", "MB", "kB"].find((each) => bytes >= (units[each] ?? 1)) ?? "B";
  return `${rounded(bytes / (units[unit] ?? 1))} ${unit}`;
}

function rounded(value: number): string {
  if (value >= 100 || Number.isInteger(value)) return String(Math.round(value));
  return value.toFixed(value >= 10 ? 1 : 2).replace(/\.?0+$/, "");
}
