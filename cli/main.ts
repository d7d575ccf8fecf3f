// The `groundcrew` command, with the sample hub's instance behind it, which is loaded at first use.
import { runProcess } from "./process.ts";

await runProcess(process.argv.slice(2), () => import("../local/instance.ts"));
