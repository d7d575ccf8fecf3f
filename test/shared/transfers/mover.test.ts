// Tests of the mover's list and its results, as text.
import { expect, test } from "@jest/globals";
import { listForMover, resultsIn } from "../../../shared/transfers/mover.ts";

test("the list has a line an object, and an MD5 where one is known", () => {
  const objects = [
    { name: "two\nlines", size: 3, md5: "0cc175b9c0f1b6a831c399e269772661", generation: "7" },
    { name: "", size: 0, etag: "d41d8cd98f00b204e9800998ecf8427e" },
  ];
  expect(listForMover(objects)).toBe(
    '{"name":"two\\nlines","size":3,"md5":"0cc175b9c0f1b6a831c399e269772661"}\n{"name":"","size":0}\n',
  );
  expect(listForMover([])).toBe("");
});

test("results are read up to where a machine's end has cut them", () => {
  const text = [
    '{"name": "a", "state": "copied", "md5": "m", "etag": "e-2", "left": ["tags"]}',
    '{"name": "b", "state": "failed", "cause": "denied"}',
    '{"name": "c", "state": "nothing of ours"}',
    '{"name": "d", "state": "the',
  ];
  expect(resultsIn(text.join("\n"))).toEqual([
    { name: "a", state: "copied", md5: "m", etag: "e-2", left: ["tags"] },
    { name: "b", state: "failed", cause: "denied" },
  ]);
});
