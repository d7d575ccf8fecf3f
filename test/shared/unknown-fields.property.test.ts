// Any unknown fields, at any place: what is read is what was there without them, and what is written keeps them with what stays.
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import * as z from "zod";
import { understand, withUnknown } from "../../shared/unknown-fields.ts";

const Person = z.strictObject({ login: z.string(), team: z.string(), since: z.string().optional() });
const State = z.strictObject({
  v: z.literal(1),
  people: z.array(Person),
  known: z.record(z.string(), z.strictObject({ invitations: z.number() })),
  waiting: z
    .union([
      z.strictObject({ plan: z.string(), since: z.record(z.string(), z.string()) }),
      z.strictObject({ hash: z.string() }).transform(({ hash }) => ({ plan: hash, since: {} })),
    ])
    .optional(),
});
type State = z.infer<typeof State>;
const Newer = z.looseObject({
  people: z.array(z.looseObject({ login: z.string() })),
  known: z.record(z.string(), z.looseObject({})),
  waiting: z.looseObject({}).optional(),
});

const word = fc.constantFrom("ada", "bo", "cy", "dee");
/** Names that no version of ours has given a field. */
const unknown = fc.dictionary(fc.constantFrom("later1", "later2", "later3"), fc.jsonValue());
const person = fc.record({ login: word, team: word }, { requiredKeys: ["login", "team"] });
const people = fc.uniqueArray(person, { selector: ({ login }) => login });
const known = fc.dictionary(word, fc.record({ invitations: fc.nat(3) }), { noNullPrototype: true });
const waiting = fc.option(
  fc.record({ plan: word, since: fc.dictionary(word, word, { noNullPrototype: true }) }),
  { nil: undefined },
);
const states: fc.Arbitrary<State> = fc
  .record({ people, known, waiting })
  .map(({ waiting: waits, ...rest }) => ({ v: 1, ...rest, ...(waits && { waiting: waits }) }));

/** A state, the same with unknown fields strewn over it, and each of these by where it was put. */
const strewn = fc
  .tuple(states, unknown, unknown, fc.infiniteStream(unknown))
  .map(([state, top, ofWaiting, stream]) => {
    const more = () => stream.next().value ?? {};
    const newer = {
      ...state,
      ...top,
      people: state.people.map((one) => ({ ...one, ...more() })),
      known: Object.fromEntries(
        Object.entries(state.known).map(([key, one]) => [key, { ...one, ...more() }]),
      ),
      ...(state.waiting && { waiting: { ...state.waiting, ...ofWaiting } }),
    };
    return { state, newer };
  });

/** Gives an object without the fields that this version knows. */
const unknownOf = (given: object | undefined): object =>
  Object.fromEntries(Object.entries(given ?? {}).filter(([key]) => key.startsWith("later")));

test("what is read is what was there before, and unchanged it is written as it was", () => {
  fc.assert(
    fc.property(strewn, ({ state, newer }) => {
      const understood = understand(newer, State);
      if (!("value" in understood)) throw new Error("not understood");
      expect(understood.value).toEqual(state);
      const { value, unknown: found } = understood;
      expect(found === undefined ? value : withUnknown(value, found)).toEqual(newer);
    }),
  );
});

test("of whatever is written instead: what is known is as written, what stays keeps its own, what is new has none", () => {
  fc.assert(
    fc.property(strewn, states, ({ newer }, next) => {
      const understood = understand(newer, State);
      if (!("value" in understood)) throw new Error("not understood");
      const { unknown: found } = understood;
      const written = Newer.parse(found === undefined ? next : withUnknown(next, found));
      const again = understand(written, State);
      expect("value" in again && again.value).toEqual(next);
      expect(unknownOf(written)).toEqual(unknownOf(newer));
      for (const one of written.people)
        expect(unknownOf(one)).toEqual(unknownOf(newer.people.find(({ login }) => login === one.login)));
      for (const [login, one] of Object.entries(written.known))
        expect(unknownOf(one)).toEqual(unknownOf(newer.known[login]));
      expect(unknownOf(written.waiting)).toEqual(next.waiting ? unknownOf(newer.waiting) : {});
    }),
  );
});
