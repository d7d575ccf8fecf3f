// Figures that the measurements have in common: medians, and what the system tells of a process.
import { readFileSync } from "node:fs";

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Memory that a process holds now (VmRSS), or has held at most (VmHWM); NaN where the system does not tell. */
export function bytesOf(pid: number, what: "VmRSS" | "VmHWM"): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Number(new RegExp(`^${what}:\\s+(\\d+) kB`, "m").exec(status)?.[1]) * 1024;
  } catch {
    return Number.NaN;
  }
}
