// The `groundcrew` command, with the sample hub's instance behind it, which is loaded at first use.
import { enableCompileCache } from "node:module";
import { compileCache } from "../local/instance/compile-cache.ts";

// Keeps all that is made from here on, by this process or a child of it, for this user alone.
process.umask(0o077);
enableCompileCache(compileCache);
const { runProcess } = await import("./process.ts");
await runProcess(process.argv.slice(2), async () => ({
  // A command that finds an instance at work loads no far end.
  findInstance: async (world) => (await import("../local/instance/address.ts")).findInstance(world),
  startInstance: async (options) => (await import("../local/instance/instance.ts")).startInstance(options),
}));
