// The `groundcrew` command, with the sample hub's instance behind it, which is loaded at first use.
import { enableCompileCache } from "node:module";
import { compileCache } from "../local/instance/compile-cache.ts";

// Whatever is made from here on, by this process or a child of it, is this user's alone.
process.umask(0o077);
enableCompileCache(compileCache);
const { runProcess } = await import("./process.ts");
await runProcess(process.argv.slice(2), () => import("../local/instance/instance.ts"));
