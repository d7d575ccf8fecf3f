// Script that a transfer machine runs when it starts: takes list after list and copies their objects with rclone, reports into the ledger's
// bucket, and deletes itself, whatever happened. It is a constant: what differs from machine to machine is read from its metadata. Each
// parameter has an attribute, for an image need not have a JSON parser. Never a poweroff: it would clear the platform's limit.
// Braces after a dollar sign belong to TypeScript here, so the script has none.
import { moverProgram } from "./mover/program.ts";
import { copying } from "./startup/copying.ts";
import { ends } from "./startup/ends.ts";
import { figures } from "./startup/figures.ts";
import { life } from "./startup/life.ts";
import { lists } from "./startup/lists.ts";
import { machine } from "./startup/machine.ts";

/** Command that a person types for a current rclone. */
export const installLine = "curl https://rclone.org/install.sh | sudo bash";

/** The script's text. */
export const startUpScript = [machine, lists, figures, ends, copying, life]
  .join("")
  .replace(/"@(environment|flags|named|common)@"/g, `"\${$1[@]}"`)
  .replace("@mover@", () => moverProgram);
