// Readings of the lines of a class list: whatever people write for one person.
import { describe, expect, test } from "@jest/globals";
import { calledOf, linesOfClass, saidIn, whoOf } from "../../../shared/members/class-people.ts";
import { classNameOf } from "../../../shared/members/classes.ts";
import { peopleIndex } from "../../../shared/members/people-index.ts";

const people = [
  { login: "ada-north", name: "Ada North", email: "ada@example.org" },
  { login: "bo-south", name: "Bo Søuth", email: "Bo@Example.org", renamedTo: "bo-new" },
  { login: "cy-west", name: "Cy West", email: "lab@example.org" },
  { login: "dee-west", name: "Dee West", email: "lab@example.org" },
  { login: "noname", name: "", email: "" },
];
const meant = whoOf(peopleIndex(people));

describe("a line means", () => {
  test.each([
    ["ada-north", "ada-north"],
    ["@ADA-North", "ada-north"],
    ["https://github.com/ada-north/", "ada-north"],
    ["ADA@example.org", "ada-north"],
    ["Ada North <ada@example.org>", "ada-north"],
    ["Ada North ada@example.org", "ada-north"],
    ["ada@example.org Ada North", "ada-north"],
    ["Ada North (@ada-north)", "ada-north"],
    ['"North, Ada",ada@example.org,Example University', "ada-north"],
    ["North, Ada", "ada-north"],
    ["ada north", "ada-north"],
    ["Ada\tNorth\tada@new.example.org", "ada-north"],
    ["Ada North; Example University", "ada-north"],
    ["bo-new", "bo-south"],
    ["Bo", "bo-south"],
    ["bo@example.org", "bo-south"],
    ["Cy West, lab@example.org", "cy-west"],
    ["Anything, noname", "noname"],
  ])("%s: %s", (line, login) => {
    expect(meant(line)).toEqual({ is: "one", person: people.find((one) => one.login === login) });
  });

  test.each([
    ["Bo South, ada-north", "Bo South"],
    ["ada@example.org, wrong-login", "wrong-login"],
  ])("%s: somebody whose name does not fit", (line, misfits) => {
    expect(meant(line)).toEqual({ is: "one", person: people[0], misfits });
  });

  test.each([
    ["West", "name", 2],
    ["lab@example.org", "address", 2],
    ["ada-north, bo-south", "line", 2],
    ["ada-north, bo@example.org, cy-west", "line", 3],
  ])("%s: several, by the %s", (line, because, count) => {
    const found = meant(line);
    expect(found).toMatchObject({ is: "several", because });
    expect("people" in found && found.people.length).toBe(count);
  });

  test.each([
    ["nobody-here", "nobody-here"],
    ["Eve East", "Eve East"],
    ["Eve East, eve-east", "eve-east"],
    ["Eve East <eve@example.org>", "eve@example.org"],
  ])("%s: nobody, who is asked about as %s", (line, ask) => {
    expect(meant(line)).toEqual({ is: "nobody", ask });
  });
});

test.each([
  ["", []],
  ["\n \r\n;;\n", []],
  ["\uFEFFada\r\nbo\rcy\n", ["ada", "bo", "cy"]],
  ["ada\nADA\nada", ["ada"]],
  [
    "Name,E-mail,GitHub username\nAda North,ada@example.org,ada-north",
    ["Ada North,ada@example.org,ada-north"],
  ],
  ["github", ["github"]],
  ["ada,,,\n,bo", ["ada", "bo"]],
])("the list %j has the lines %j", (text, lines) => {
  const read = linesOfClass(text).map((line) => line.toLowerCase());
  expect(read).toEqual(lines.map((line) => line.toLowerCase()));
});

test("a line is shown without the addresses in it", () => {
  const shown = [
    "ada@example.org",
    "Ada North <ada@example.org>",
    "Ada North,ada@example.org,ada-north",
    "@ada-north",
    '"ada@example.org" Ada',
  ].map(saidIn);
  expect(shown).toEqual(["", "Ada North", "Ada North, ada-north", "@ada-north", "Ada"]);
});

test.each([
  ["Ada North,ada@example.org,@ADA-north", "ada-north", "Ada North"],
  ["ada@example.org", "ada-north", "ada-north"],
  ["ada@example.org", undefined, "line 7 of the list"],
  ["Ada North, ada-north", undefined, "Ada North, ada-north"],
])("%s of %s is called %s", (who, login, called) => {
  expect(calledOf(who, 7, login)).toBe(called);
});

test("a class's name is made of what somebody calls it", () => {
  const names = ["Intro, week 1", "Été", "王", "-- --", "a".repeat(60)].map(classNameOf);
  expect(names).toEqual(["intro-week-1", "ete", "class", "class", "a".repeat(40)]);
});
