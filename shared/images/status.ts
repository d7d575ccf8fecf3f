// Demands on people that come from how a hub's images stand.
import type { ImagesStatus } from "./records.ts";

/** Statuses in which a person has to decide something before the images can move. */
export const needsPerson: Record<ImagesStatus, boolean> = {
  current: false,
  planned: false,
  proposed: false,
  waiting: false,
  held: true,
  ignored: false,
  "hands-off": true,
};
