// The rows of a new far end: its name among those that can be made to fail, its address, and where it is served.
import type { Names } from "./names.ts";
import type { Change } from "./new.ts";

const farEnds = "local/instance/far-ends.ts";

/** Gives the rows that name a far end: in the faults, the endpoints, and the far ends of the sample hub. */
export function farEndRows({ name, camel }: Names): Change[] {
  const row = (file: string, opens: string[], text: string): Change => ({ as: "row", file, opens, text });
  const inside = "export async function farEnds(options: {";
  return [
    row(
      "local/wire/faults.ts",
      ["export const farEnds = {"],
      `  "${name}": "WRITE: whose server it is, in the team's words",`,
    ),
    row("shared/endpoints.ts", ["const Endpoints = z.strictObject({"], `  ${camel}: z.url().optional(),`),
    {
      as: "statement",
      file: farEnds,
      opens: ["import { computeFarEnd }"],
      text: `import { ${camel}FarEnd } from "../${name}/far-end.ts";`,
    },
    row(
      farEnds,
      [inside, "  const served = {"],
      `    ${camel}: await serveFarEnd(${camel}FarEnd({ faults })),`,
    ),
    row(farEnds, [inside, "  const endpoints: Endpoints = {"], `    ${camel}: served.${camel}.url,`),
  ];
}
