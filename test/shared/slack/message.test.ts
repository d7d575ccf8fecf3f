// The text that Slack gets: whatever people have typed mentions nobody, links to nothing, and fits.
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { maximumCharacters, messageText } from "../../../shared/slack/message.ts";

const link = "https://github.com/o/r/pull/1";

test.each([
  ["a subject and a text", { subject: "On hold", text: "3 wait.\n" }, "On hold\n\n3 wait."],
  ["a greeting is left out", { subject: "s", text: "Hello,\n\nlook.\n" }, "s\n\nlook."],
  [
    "the three characters",
    { subject: "a & b", text: "1 < 2 > 0 &lt;" },
    "a &amp; b\n\n1 &lt; 2 &gt; 0 &amp;lt;",
  ],
  [
    "mentions",
    { subject: "s", text: "<!channel> <@U012> <#C012>" },
    "s\n\n&lt;!channel&gt; &lt;@U012&gt; &lt;#C012&gt;",
  ],
  ["mentions in plain text", { subject: "s", text: "@channel, @Here" }, "s\n\n@\u2060channel, @\u2060Here"],
  ["a link with another's name", { subject: "s", text: "<https://a|b>" }, "s\n\n&lt;https://a|b&gt;"],
  ["a subject of several lines", { subject: "a\nb\t c", text: "t" }, "a b c\n\nt"],
  ["marks that turn the direction", { subject: "a\u202Eb", text: "c\u2066d\u0000e\r\nf" }, "ab\n\ncd e\nf"],
  [
    "our own link, where it stands",
    { subject: "s", text: `t:\n\n  ${link}\n\nu\n`, link },
    `s\n\nt:\n\n<${link}>\n\nu`,
  ],
  ["our own link as the subject", { subject: link, text: "t", link }, `\n<${link}>\n\nt`],
  ["a link that is too long to be read", { subject: "s", text: "t", link: link.padEnd(1001, "1") }, "s\n\nt"],
  ["our own link, where it does not", { subject: "s", text: "t", link }, `s\n\nt\n<${link}>`],
  [
    "a link's own characters",
    { subject: "s", text: "t", link: "https://a.b/?x=1&y=|>" },
    "s\n\nt\n<https://a.b/?x=1&amp;y=%7C%3E>",
  ],
  [
    "a link that looks like another",
    { subject: "s", text: "t", link: "https://github.com@evil.example" },
    "s\n\nt",
  ],
  ["a link that is none of the web", { subject: "s", text: "t", link: "javascript:1" }, "s\n\nt"],
])("%s", (_, post, text) => {
  expect(messageText(post)).toBe(text);
});

describe("whatever was typed", () => {
  const nasty = fc
    .array(
      fc.oneof(
        fc.string({ unit: "grapheme" }),
        fc.string({ unit: "binary" }),
        fc.constantFrom(
          "<",
          ">",
          "&",
          "|",
          "@",
          "channel",
          "here",
          "everyone",
          "<!channel>",
          "<@U1>",
          "&lt;",
          "\u202E",
          "\u2069",
          link,
          "\n",
          "\uD800",
        ),
      ),
      { maxLength: 40 },
    )
    .map((parts) => parts.join(""));

  test("nothing begins a mention or a link but our own", () => {
    fc.assert(
      fc.property(nasty, nasty, fc.boolean(), (subject, text, linked) => {
        const sent = messageText({ subject, text, ...(linked ? { link } : {}) });
        expect(sent.split(`<${link}>`)).toHaveLength(linked ? 2 : 1);
        const rest = sent.replace(`<${link}>`, "");
        expect(rest).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)|@(?:channel|here|everyone)|[^\P{Cc}\n\t]/iu);
        expect(sent.isWellFormed()).toBe(true);
      }),
    );
  });

  test("it fits, is cut where it does not, and never within an escape", () => {
    fc.assert(
      fc.property(nasty, fc.integer({ min: 0, max: 3 }), fc.boolean(), (unit, power, linked) => {
        const text = `${unit}x`.repeat(10 ** power);
        const sent = messageText({ subject: "s", text, ...(linked ? { link } : {}) });
        expect(sent.length).toBeLessThanOrEqual(maximumCharacters);
        expect(sent.replace(`<${link}>`, "")).not.toMatch(/&(?!amp;|lt;|gt;)/);
        if (linked) expect(sent).toContain(`<${link}>`);
      }),
      { numRuns: 50 },
    );
    const long = messageText({ subject: "s", text: "&".repeat(5000) });
    expect(long).toMatch(/^s\n\n(?:&amp;)+\n… \(cut: the whole is on the console's page Events\)$/);
    expect(long.length).toBeGreaterThan(3900);
    // No room is left behind the link, not even to say that it was cut.
    const full = messageText({
      subject: "s",
      text: `${"x".repeat(3955)}\n${link}\n${"y".repeat(100)}`,
      link,
    });
    expect(full).toBe(`s\n\n${"x".repeat(3955)}\n<${link}>`);
  });
});
