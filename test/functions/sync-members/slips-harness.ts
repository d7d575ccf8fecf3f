// Sheets made at random, and nine things that a hand does to them.
import fc from "fast-check";
import type { TypedRow } from "../../../shared/sheets/typed.ts";

export type Row = Omit<TypedRow, "at">;
export type Made = { before: Row[]; now: Row[]; left: ReadonlySet<string> };

export const numberedRows = (rows: readonly Row[]): TypedRow[] =>
  rows.map((row, index) => ({ at: index + 2, ...row }));

const letters = "abcdefghijklmnopqrstuvwxyz";
const word = fc
  .array(fc.constantFrom(...letters), { minLength: 4, maxLength: 8 })
  .map((each) => each.join(""));

/** People whose name, address and login have little to do with each other. */
const peopleOf = (least: number, most: number) =>
  fc
    .tuple(
      fc.uniqueArray(word, { minLength: most, maxLength: most }),
      fc.uniqueArray(word, { minLength: most, maxLength: most }),
      fc.uniqueArray(word, { minLength: most, maxLength: most }),
      fc.integer({ min: least, max: most }),
      fc.array(fc.constantFrom("Public", "Education", "Research"), { minLength: most, maxLength: most }),
      fc.array(fc.constantFrom("", "2027-01-31", "2027-06-30", "2028-12-31"), {
        minLength: most,
        maxLength: most,
      }),
    )
    .map(([logins, names, mails, count, tiers, ends]): Row[] =>
      Array.from({ length: count }, (_, n) => ({
        login: `${logins[n]}-x`,
        email: `${mails[n]}@example.org`,
        name: `${names[n]} ${mails[n]}`,
        tier: tiers[n] ?? "",
        expires: ends[n] ?? "",
      })),
    );
const sheet = peopleOf(8, 40);
const none: ReadonlySet<string> = new Set();
const who = fc.constantFrom("login", "email", "name");
const column = fc.constantFrom("login", "email", "name", "tier", "expires");

const from = (make: (before: Row[], draw: (below: number) => number) => Made): fc.Arbitrary<Made> =>
  fc
    .tuple(sheet, fc.infiniteStream(fc.nat({ max: 1_000_000 })))
    .map(([before, numbers]) => make(before, (below) => (numbers.next().value ?? 0) % Math.max(1, below)));

const block = (rows: readonly Row[], most: number, draw: (below: number) => number) => {
  const length = 2 + draw(most - 1);
  return { start: draw(rows.length - length + 1), length };
};
const set = (row: Row | undefined, columns: readonly (keyof Row)[], as: Row | undefined): Row => ({
  ...(row as Row),
  ...Object.fromEntries(columns.map((each) => [each, as?.[each] ?? ""])),
});
const sortedBy = (rows: readonly Row[], key: keyof Row): Row[] =>
  [...rows].sort((a, b) => (a[key] < b[key] ? -1 : 1));
const changes = ({ before, now }: Made, key: keyof Row): number =>
  before.filter((row, index) => row[key] !== now[index]?.[key]).length;

/** Makes a sheet of each of the nine kinds. */
export const makers = {
  inserted: from((before, draw) => {
    const rows = [...before];
    rows.splice(draw(rows.length), 1 + draw(5));
    return { before: rows, now: before, left: none };
  }),
  deleted: from((before, draw) => {
    const now = [...before];
    now.splice(draw(now.length), 1 + draw(4));
    return { before, now, left: none };
  }),
  moved: from((before, draw) => {
    const now = [...before];
    const cut = now.splice(1 + draw(now.length - 4), 1 + draw(2));
    now.splice(0, 0, ...cut);
    return { before, now, left: none };
  }).filter(
    ({ now }) => now.length > 4 && !now.every((row, n) => n === 0 || (now[n - 1]?.login ?? "") <= row.login),
  ),
  sorted: fc
    .tuple(sheet, who)
    .map(([before, key]) => ({ before, now: sortedBy(before, key as keyof Row), left: none }))
    .filter((made) => changes(made, "login") > 3),
  "column-sorted": fc
    .tuple(sheet, column)
    .map(([before, key]) => {
      const words = sortedBy(before, key as keyof Row);
      return { before, now: before.map((row, n) => set(row, [key as keyof Row], words[n])), left: none };
    })
    .filter(
      ({ before, now }) =>
        before.filter((row, n) => JSON.stringify(row) !== JSON.stringify(now[n])).length > 2,
    ),
  "dragged-down": fc
    .tuple(sheet, column, fc.nat(), fc.integer({ min: 2, max: 7 }))
    .map(([before, key, at, length]) => {
      const start = at % (before.length - length);
      const now = before.map((row, n) =>
        n > start && n <= start + length ? set(row, [key as keyof Row], before[start]) : row,
      );
      return { before, now, left: none, key };
    })
    .filter((made) => changes(made, made.key as keyof Row) > 1)
    // Few words stand in a column of tiers or days: to drag them may be to exchange them.
    .filter(({ before, now, key }) => {
      const words = (rows: Row[]) => JSON.stringify(rows.map((row) => row[key as keyof Row]).sort());
      return words(before) !== words(now);
    }),
  "pasted-over": fc
    .tuple(
      sheet,
      fc.constantFrom<(keyof Row)[]>(
        ["login"],
        ["email"],
        ["name"],
        ["login", "email"],
        ["name", "email", "login", "tier", "expires"],
      ),
      fc.nat(),
      fc.integer({ min: 2, max: 4 }),
    )
    .map(([before, columns, at, length]) => {
      const half = Math.floor(before.length / 2);
      const source = at % (half - length + 1);
      const target = half + (at % (before.length - half - length + 1));
      const now = before.map((row, n) =>
        n >= target && n < target + length ? set(row, columns, before[source + n - target]) : row,
      );
      return { before, now, left: none };
    }),
  "old-version": from((old, draw) => {
    // Since then some have left, some came, some have another tier.
    const { start, length } = block(old, 4, draw);
    const gone = old.slice(start, start + length);
    const before = old
      .filter((row) => !gone.includes(row))
      .map((row) => (draw(6) === 0 ? { ...row, tier: "Research" } : row));
    const fresh = Array.from({ length: draw(3) }, (_, n) => ({
      ...(old[0] as Row),
      login: `fresh-${n}`,
      email: `fresh-${n}@example.org`,
      name: `Fresh ${n}`,
    }));
    return { before: [...before, ...fresh], now: old, left: new Set(gone.map(({ login }) => login)) };
  }),
  swapped: fc.tuple(sheet, who, fc.nat(), fc.nat()).map(([before, key, a, b]) => {
    const one = a % before.length;
    const other = (one + 1 + (b % (before.length - 1))) % before.length;
    const now = before.map((row, n) =>
      n === one
        ? set(row, [key as keyof Row], before[other])
        : n === other
          ? set(row, [key as keyof Row], before[one])
          : row,
    );
    return { before, now, left: none };
  }),
};
