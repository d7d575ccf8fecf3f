// Where Node keeps what it has compiled: beside everything else that an install makes. Enabled before anything large is
// loaded, a start takes two thirds of the time. This file is loaded before that, and so imports nothing large itself.
import { fileURLToPath } from "node:url";

export const compileCache = fileURLToPath(new URL("../../node_modules/.cache/groundcrew", import.meta.url));
