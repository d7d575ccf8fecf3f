// The rows of a new page of the console: its place in the navigation, and its addresses in the site.
import type { Names } from "./names.ts";
import type { Change } from "./new.ts";

const frame = "functions/console/frame/frame.ts";
const site = "functions/console/site.ts";

/** Gives the rows that name a page: in the list of navigation items, and in the site's routes. */
export function pageRows({ name, camel, title }: Names): Change[] {
  const statement = (opens: string[], text: string): Change => ({ as: "statement", file: site, opens, text });
  return [
    { as: "row", file: frame, opens: ["const navItems = ["], text: `  ["${name}", "/${name}", "${title}"],` },
    statement(["import { eventPages } from"], `import { ${camel}Pages } from "./${name}/routes.ts";`),
    statement(["export function site(", "  return app;"], `  ${camel}Pages(routes);`),
  ];
}
