// Golden files: each kind of record of the ledger as this version writes it, and as one writes it that is newer by a few fields
// and words. This version reads both alike, and writes what it does not know as it was. A golden file never changes: what an old
// file says has to be readable for ever.
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import * as z from "zod";
import { SurveyBegun, SurveyMark } from "../../functions/run-transfer/progress.ts";
import { NotBefore } from "../../shared/delivery/not-before.ts";
import { Budgets } from "../../shared/flow/budgets.ts";
import { Incidents } from "../../shared/flow/incident-records.ts";
import { ImagesState } from "../../shared/images/records.ts";
import { ClassesTold, ClassRecord } from "../../shared/members/classes.ts";
import { ForgetRequest, MembersState } from "../../shared/members/records.ts";
import { StatusSheet } from "../../shared/members/status-sheet.ts";
import { QuotaHistory, QuotaState } from "../../shared/quota/records.ts";
import { QuotaReport } from "../../shared/quota/report.ts";
import * as records from "../../shared/records.ts";
import { TransferCheck } from "../../shared/transfers/check-records.ts";
import { TransferQueue } from "../../shared/transfers/queue.ts";
import { PartChecked, TransferReceipt } from "../../shared/transfers/receipt-records.ts";
import * as transfers from "../../shared/transfers/records.ts";
import { identities, understand, withUnknown } from "../../shared/unknown-fields.ts";
import { sourcesOf } from "../architecture/source.ts";

/** The heads, which are written over, and whatever is created once. */
const heads = {
  "members-state": MembersState,
  "status-sheet": StatusSheet,
  lease: records.Lease,
  continue: records.Continue,
  watch: records.Watch,
  consent: records.Consent,
  "not-before": NotBefore,
  budgets: Budgets,
  incidents: Incidents,
  "quota-state": QuotaState,
  "forget-request": ForgetRequest,
  "images-state": ImagesState,
  "classes-told": ClassesTold,
  "transfer-state": transfers.TransferState,
  "transfer-queue": TransferQueue,
  "transfer-check": TransferCheck,
  "survey-begun": SurveyBegun,
};
const kinds: Record<string, z.ZodType> = {
  ...heads,
  run: records.Run,
  undelivered: records.Undelivered,
  resolved: records.Resolved,
  "class-record": ClassRecord,
  "held-plan": records.HeldPlan,
  approval: records.Approval,
  "old-approval": records.OldApproval,
  "notice-claim": records.NoticeClaim,
  "notice-outcome": records.NoticeOutcome,
  "quota-history": QuotaHistory,
  "quota-report": QuotaReport,
  "transfer-asked": transfers.TransferAsked,
  "transfer-cancelled": transfers.TransferCancelled,
  "machine-report": transfers.MachineReport,
  "transfer-receipt": TransferReceipt,
  "part-checked": PartChecked,
  "survey-mark": SurveyMark,
};

const Golden = z.strictObject({ now: z.looseObject({}), newer: z.looseObject({}) });
const folder = join(import.meta.dirname, "golden");
const goldenOf = (kind: string) =>
  Golden.parse(JSON.parse(readFileSync(join(folder, `${kind}.json`), "utf8")));

const filesIn = (place: string): string[] =>
  readdirSync(place)
    .filter((name) => name.endsWith(".json"))
    .map((name) => basename(name, ".json"));

function read(record: unknown, kind: string) {
  const understood = understand(record, kinds[kind] ?? z.never());
  if (!("value" in understood)) throw new Error(`${kind}: ${JSON.stringify(understood.issue)}`);
  return understood;
}

describe("each kind of record", () => {
  test.each(Object.keys(kinds).map((kind) => [kind]))("%s: of now, and of a newer version", (kind) => {
    const { now, newer } = goldenOf(kind);
    expect(newer).not.toEqual(now);
    expect(read(now, kind)).toEqual({ value: now });
    const { value, unknown } = read(newer, kind);
    expect(value).toEqual(now);
    // Nobody writes over what a machine reports.
    if (kind !== "machine-report") expect(unknown && withUnknown(now, unknown)).toEqual(newer);
  });

  test.each(Object.keys(kinds).map((kind) => [kind]))("%s: of another form is refused", (kind) => {
    expect(understand({ ...goldenOf(kind).now, v: 9 }, kinds[kind] ?? z.never())).toHaveProperty("issue");
  });

  test("has a golden file", () => {
    const files = filesIn(folder);
    expect(files.sort()).toEqual(Object.keys(kinds).sort());
    const source = sourcesOf("shared").map(({ text }) => text);
    const made = source.flatMap((text) => [
      ...text.matchAll(/^export const (\w+) =[^;]*?\bv: (?:version|z\.literal)/gm),
    ]);
    const kindOf = (name: string) =>
      name
        .replace(/^Current/, "")
        .replace(/\B[A-Z]/g, "-$&")
        .toLowerCase();
    const named = made.map(([, name = ""]) => kindOf(name)).filter((kind) => kind !== "notice");
    expect(named.length).toBeGreaterThan(15);
    expect(named.filter((kind) => kinds[kind] === undefined)).toEqual([]);
  });
});

test.each(filesIn(join(folder, "earlier")))(
  "%s: an earlier version's is read, and what has no use any more is left in it",
  (kind) => {
    const { now } = goldenOf(join("earlier", kind));
    const { value, unknown } = read(now, kind);
    expect(unknown && withUnknown(value, unknown)).toEqual(now);
  },
);

test("of every list of things in a head the table says by what one is known again", () => {
  const lists = new Set<string>();
  const visit = (value: unknown, holder: string): void => {
    if (Array.isArray(value)) {
      if (value.some((item) => item instanceof Object)) lists.add(holder);
      for (const item of value) visit(item, "");
    } else if (value instanceof Object) for (const [key, each] of Object.entries(value)) visit(each, key);
  };
  for (const kind of Object.keys(heads)) visit(goldenOf(kind).now, "");
  expect([...lists].filter((name) => identities[name] === undefined)).toEqual([]);
});

test("a word that only a newer version knows is read as another, or as none, but where the decision on records says that it is refused", () => {
  type Node = Partial<Record<"anyOf" | "oneOf" | "allOf", Node[]>> & {
    enum?: string[];
    required?: string[];
    properties?: Record<string, Node>;
    items?: Node;
    additionalProperties?: Node;
  };
  const refusing = (node: Node, name: string): string[] => [
    ...Object.entries(node.properties ?? {}).flatMap(([key, each]) => [
      ...(each.enum !== undefined && node.required?.includes(key) === true ? [`${name}: ${key}`] : []),
      ...refusing(each, name),
    ]),
    ...[node.anyOf, node.oneOf, node.allOf].flatMap((parts = []) =>
      parts.flatMap((part) => refusing(part, name)),
    ),
    ...[node.items, node.additionalProperties].flatMap((part) =>
      part instanceof Object ? refusing(part, name) : [],
    ),
  ];
  const found = Object.entries(kinds).flatMap(([kind, schema]) =>
    refusing(z.toJSONSchema(schema, { io: "input", unrepresentable: "any", reused: "inline" }) as Node, kind),
  );
  expect([...new Set(found)].sort()).toEqual([
    "machine-report: state",
    "quota-report: kind",
    "resolved: how",
    "run: outcome",
    "transfer-receipt: state",
    "transfer-state: state",
  ]);
});
