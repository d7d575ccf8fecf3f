// The three files that pages load. They are strings in modules, so that a bundle carries them.
import { hash } from "node:crypto";
import { icon } from "./icon.ts";
import { script } from "./script.ts";
import { style } from "./style.ts";

const files = new Map(
  [
    { name: "style.css", type: "text/css; charset=utf-8", text: style },
    { name: "script.js", type: "text/javascript; charset=utf-8", text: script },
    { name: "icon.svg", type: "image/svg+xml", text: icon },
  ].map((file) => [file.name, { ...file, etag: `"${hash("sha256", file.text, "base64url").slice(0, 22)}"` }]),
);

/** They hold nothing that is anybody's, so they need no session: the page that refuses somebody uses them too. */
export function asset(name: string, known: string | undefined): Response {
  const file = files.get(name);
  if (file === undefined) return new Response("not found", { status: 404 });
  const headers = { "content-type": file.type, etag: file.etag, "cache-control": "no-cache" };
  return known === file.etag
    ? new Response(null, { status: 304, headers })
    : new Response(file.text, { headers });
}
