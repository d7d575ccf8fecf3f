// Text for people: aligned, harmless, coloured only on a terminal; progress in one line there and in several elsewhere.
import { describe, expect, test } from "@jest/globals";
import { flagsFromNpm } from "../../cli/npm-flags.ts";
import { effectWords, timeOf } from "../../cli/run-lines.ts";
import { table, terminal, visible, wantsColour } from "../../cli/terminal.ts";

function streams(isTTY: boolean) {
  const written = { stdout: "", stderr: "" };
  const stream = (name: "stdout" | "stderr") => ({
    isTTY,
    write: (text: string) => {
      written[name] += text;
    },
  });
  return { written, stdout: stream("stdout"), stderr: stream("stderr") };
}

describe("the terminal", () => {
  test("rewrites its progress line on a terminal and wipes it before data", () => {
    const { written, ...out } = streams(true);
    const { progress, answer } = terminal({ ...out, json: false, colour: false });
    progress("one");
    progress("two");
    answer({}, () => ["data"]);
    expect(written).toEqual({
      stdout: "data\n",
      stderr: "\r\u001b[2Kone\r\u001b[2Ktwo\r\u001b[2K",
    });
  });

  test("writes a line for each piece of news elsewhere", () => {
    const { written, ...out } = streams(false);
    const { progress } = terminal({ ...out, json: false, colour: true });
    progress("one");
    progress("one");
    progress("two");
    expect(written.stderr).toBe("one\ntwo\n");
  });

  test("colours on a terminal only", () => {
    for (const [isTTY, colour, expected] of [
      [true, true, "\u001b[31mx\u001b[39m\n"],
      [true, false, "x\n"],
      [false, true, "x\n"],
    ] as const) {
      const { written, ...out } = streams(isTTY);
      terminal({ ...out, json: false, colour }).answer({}, (paint) => [paint("red", "x")]);
      expect(written.stdout).toBe(expected);
    }
  });

  test("with --json writes one value and no line for people", () => {
    const { written, ...out } = streams(true);
    terminal({ ...out, json: true, colour: true }).answer({ a: 1 }, () => ["people"]);
    expect(written).toEqual({ stdout: '{"a":1}\n', stderr: "" });
  });

  test("explains an error with each line of its reason below the first, and none of them drives the terminal", () => {
    const { written, ...out } = streams(false);
    const { explain } = terminal({ ...out, json: false, colour: false });
    explain({
      what: "the settings are not right",
      why: "a.yaml:3:1: one\na.yaml:11:1: \u001b[2Jtwo",
      next: "mend",
    });
    expect(written.stderr).toBe(
      "✗ the settings are not right\n  why:  a.yaml:3:1: one\n        a.yaml:11:1: two\n  next: mend\n",
    );
  });

  test.each([
    [{}, true, true],
    [{ NO_COLOR: "1" }, true, false],
    [{ NO_COLOR: "" }, true, true],
    [{ TERM: "dumb" }, true, false],
    [{}, false, false],
  ])("wants colours with %j and the flag %s: %s", (env, flag, wanted) => {
    expect(wantsColour(env, flag)).toBe(wanted);
  });
});

describe("text", () => {
  test("that people typed cannot drive the reader's terminal", () => {
    expect(visible("a\u001b[31mb\u0007\nc\u202ed")).toBe("ab��c�d");
  });

  test("stands in columns, whatever colours it has", () => {
    expect(
      table([
        ["\u001b[31mred\u001b[39m", "x"],
        ["longer", "y"],
      ]),
    ).toEqual(["\u001b[31mred\u001b[39m     x", "longer  y"]);
  });

  test("of an effect names the deed, on whom, and the rest", () => {
    expect(effectWords({ do: "invite", team: "full-access", login: "ada-example", n: 2 })).toBe(
      "invite ada-example team=full-access n=2",
    );
  });

  test("of a time is local", () => {
    const time = new Date(2026, 0, 2, 3, 4, 5);
    expect(timeOf(time.toISOString())).toBe("2026-01-02 03:04:05");
  });
});

describe("flags that npm keeps for itself", () => {
  const start = { npm_lifecycle_event: "start", npm_package_name: "groundcrew" };

  test("are found for `npm start --once --world dir`", () => {
    expect(
      flagsFromNpm({
        ...start,
        npm_config_once: "true",
        npm_config_json: "true",
        npm_config_world: "my hub",
      }),
    ).toEqual(["--once", "--json", "--world=my hub"]);
  });

  test("cannot be made good where npm has lost the value", () => {
    expect(() => flagsFromNpm({ ...start, npm_config_world: "true" })).toThrow(
      "the value of --world was lost",
    );
  });

  test("are left alone in any other script or package", () => {
    expect(flagsFromNpm({ npm_config_once: "true" })).toEqual([]);
    expect(flagsFromNpm({ ...start, npm_lifecycle_event: "npx", npm_config_json: "true" })).toEqual([]);
    expect(flagsFromNpm({ ...start, npm_package_name: "other", npm_config_json: "true" })).toEqual([]);
  });
});
