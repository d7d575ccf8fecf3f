// What a hub's images stand like asks of people.
import type { ImagesStatus } from "./records.ts";

/** Whether a person has to decide something before the images can move. */
export const needsPerson: Record<ImagesStatus, boolean> = {
  current: false,
  planned: false,
  proposed: false,
  waiting: false,
  held: true,
  ignored: false,
  "hands-off": true,
};
