// XML of stores as values: whatever sign a name has it comes out as it was, and what is cut or of another kind is refused.
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { valuesIn } from "../../../shared/remotes/xml.ts";

const page = (inner: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${inner}</ListBucketResult>`;
const object = "<Contents><Key>a</Key><Size>1</Size><Owner><ID>o</ID><DisplayName/></Owner></Contents>";

test("elements are their texts, or the elements in them; those that may come many times are lists", () => {
  expect(valuesIn(page(`<IsTruncated>false</IsTruncated><Prefix></Prefix>\n  ${object}\n`))).toEqual({
    ListBucketResult: {
      IsTruncated: "false",
      Prefix: "",
      Contents: [{ Key: "a", Size: "1", Owner: { ID: "o", DisplayName: "" } }],
    },
  });
  expect(valuesIn(page(`${object}<!-- two --> ${object}`))).toMatchObject({
    ListBucketResult: { Contents: [{ Key: "a" }, { Key: "a" }] },
  });
});

describe("an object as most stores write it is read at once", () => {
  const sum = "0123456789abcdef0123456789abcdef";
  const written = (inner: string): unknown => valuesIn(`<A><Contents>${inner}</Contents></A>`);
  const leaf = (name: string, text: string): string => `<${name}>${text}</${name}>`;
  const rest = `${leaf("ETag", `&quot;${sum}-2&quot;`)}${leaf("ChecksumType", "C")}${leaf("Size", "5")}`;

  test("with its ETag's quotes, and what nobody reads, left away", () => {
    expect(written(`${leaf("Key", "a%2Fb")}${leaf("LastModified", "t")}${rest}${leaf("Type", "N")}`)).toEqual(
      {
        A: { Contents: [{ Key: "a%2Fb", ETag: `${sum}-2`, Size: "5" }] },
      },
    );
  });

  test.each([
    ["a class", `${leaf("Key", "a")}${rest}${leaf("StorageClass", "GLACIER")}`, { StorageClass: "GLACIER" }],
    ["a reference in its name", `${leaf("Key", "a&amp;b")}${rest}`, { Key: "a&b" }],
    ["an element in another", `${leaf("Key", "a")}${rest}${leaf("Owner", leaf("ID", "o"))}`, { Size: "5" }],
    ["a size that comes twice", `${leaf("Key", "a")}${rest}${leaf("Size", "6")}`, { Size: ["5", "6"] }],
  ])("%s", (_, inner, found) => {
    expect(written(inner)).toMatchObject({ A: { Contents: [found] } });
  });

  test("and wherever it is cut, or its tags do not match, it is none", () => {
    const whole = `<A><Contents>${leaf("Key", "a")}${leaf("LastModified", "t")}${rest}</Contents></A>`;
    for (let length = 0; length < whole.length; length += 1)
      expect(() => valuesIn(whole.slice(0, length))).toThrow(SyntaxError);
    expect(() => valuesIn(whole.replace("</LastModified>", "</Modified>"))).toThrow(SyntaxError);
  });
});

test("what comes twice and is no list is none of its values", () => {
  expect(valuesIn("<A><Key>a</Key><Key>b</Key></A>")).toEqual({ A: { Key: ["a", "b"] } });
  expect(valuesIn("<A><__proto__><b>c</b></__proto__><toString>d</toString></A>")).toEqual({
    A: { toString: "d" },
  });
});

test.each([
  ["&amp;&lt;&gt;&quot;&apos;", "&<>\"'"],
  ["&#38;&#x26;&#x1F30D;", "&&🌍"],
  ["a&#10;b&#13;c&#9;d", "a\nb\rc\td"],
  ["a\r\nb\rc", "a\nb\nc"],
  ["line\u2028and\u0085next", "line\u2028and\u0085next"],
  ["<![CDATA[<a> & b]]>", "<a> & b"],
  [" two <!-- none --> spaces ", " two  spaces "],
])("%j is read as %j", (written, read) => {
  expect(valuesIn(`<Key>${written}</Key>`)).toEqual({ Key: read });
});

const escaped = (text: string): string => text.replace(/[&<>"'\r]/g, (sign) => `&#${sign.charCodeAt(0)};`);

test("whatever a name is, it comes out as it was", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 20 }), (name) => {
      expect(valuesIn(page(`<Contents><Key>${escaped(name)}</Key></Contents>`))).toEqual({
        ListBucketResult: { Contents: [{ Key: name }] },
      });
    }),
    { numRuns: 500 },
  );
});

describe("it is refused", () => {
  test("wherever it is cut", () => {
    const whole = page(object);
    for (let length = 0; length < whole.length; length += 1)
      expect(() => valuesIn(whole.slice(0, length))).toThrow(SyntaxError);
  });

  test.each([
    ["nothing", ""],
    ["text alone", "Internal Server Error"],
    ["text after it", "<A></A>b"],
    ["tags that do not match", "<A><B></A></B>"],
    ["one end too many", "<A></A></A>"],
    ["a declaration of a document's kind", '<!DOCTYPE a [<!ENTITY b "c">]><A>&b;</A>'],
    ["a reference to what nobody has declared", "<A>&nbsp;</A>"],
    ["a bare ampersand", "<A>a & b</A>"],
    ["a reference without an end", "<A>&amp</A>"],
    ["a sign that there is not", "<A>&#x110000;</A>"],
    ["a tag that is none", "<A>< B></A>"],
    ["JSON", '{"message":"ok"}'],
  ])("%s", (_, text) => {
    expect(() => valuesIn(text)).toThrow(SyntaxError);
  });
});
