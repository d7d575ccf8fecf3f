// Folder where Node keeps what it has compiled: beside everything else that an install makes. A start takes two thirds of the
// time when this is enabled before anything large is loaded. This file is loaded before that, so it imports nothing large itself.
import { fileURLToPath } from "node:url";

export const compileCache = fileURLToPath(new URL("../../node_modules/.cache/groundcrew", import.meta.url));
