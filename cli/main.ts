// The `groundcrew` command, with the sample hub's instance behind it, which is loaded at first use.
import { enableCompileCache } from "node:module";
import { fileURLToPath } from "node:url";

// Before anything large is loaded: a start then takes two thirds of the time.
enableCompileCache(fileURLToPath(new URL("../node_modules/.cache/groundcrew", import.meta.url)));
const { runProcess } = await import("./process.ts");
await runProcess(process.argv.slice(2), () => import("../local/instance.ts"));
