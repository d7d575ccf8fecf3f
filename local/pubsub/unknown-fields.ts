// Fields of a request that the client's description lacks: a decoder passes over them, so they are looked for in the bytes themselves.
// https://protobuf.dev/programming-guides/encoding/
import { isUtf8 } from "node:buffer";
import * as z from "zod";
import { notServed, type Refusal, refusal } from "./refusal.ts";

const DescribedField = z.object({
  id: z.number(),
  type: z.string(),
  keyType: z.string().optional(),
  rule: z.string().optional(),
});
/** A part of a description in protobuf.js's JSON: a namespace, or a message with its fields, or an enumeration. */
const Part = z.object({
  fields: z.record(z.string(), DescribedField).optional(),
  get nested(): z.ZodOptional<z.ZodRecord<z.ZodString, typeof Part>> {
    return z.record(z.string(), Part).optional();
  },
});
type Part = z.infer<typeof Part>;

type Field = { name: string; forms: readonly number[]; isText: boolean; below: () => Fields | undefined };
type Fields = ReadonlyMap<number, Field>;

const [varint, eightBytes, delimited, fourBytes] = [0, 1, 2, 5];
const forms: Record<string, number> = {
  ...{ fixed64: eightBytes, sfixed64: eightBytes, double: eightBytes },
  ...{ fixed32: fourBytes, sfixed32: fourBytes, float: fourBytes },
  ...{ string: delimited, bytes: delimited },
};

/**
 * Gives a function that finds what of a message's bytes would be lost: a field that the description lacks or has in another form, or letters
 * that are none. It throws where the bytes are no message.
 * @param description protobuf.js's JSON of it.
 */
export function lostFields(description: unknown): (type: string, bytes: Uint8Array) => Refusal | undefined {
  const root = Part.parse(description);
  const read = new Map<string, Fields>();
  const partOf = (name: string): Part | undefined =>
    name.split(".").reduce<Part | undefined>((part, word) => part?.nested?.[word], root);

  /** Finds a type by the name that it has within another: the innermost counts. */
  function nameOf(type: string, within: string): string | undefined {
    const scope = within.split(".");
    for (let depth = scope.length; depth >= 0; depth -= 1) {
      const name = [...scope.slice(0, depth), type].join(".");
      if (partOf(name) !== undefined) return name;
    }
    return undefined;
  }

  function fieldOf(name: string, type: string, within: string, isRepeated = false): Field {
    const message = nameOf(type, within);
    const below = (): Fields | undefined => (message === undefined ? undefined : fieldsOf(message));
    const isMessage = message !== undefined && partOf(message)?.fields !== undefined;
    const form = isMessage ? delimited : (forms[type] ?? varint);
    // Numbers that repeat may stand packed into one part.
    return { name, forms: isRepeated ? [form, delimited] : [form], isText: type === "string", below };
  }

  function fieldsOf(name: string): Fields | undefined {
    const known = read.get(name);
    const described = partOf(name)?.fields;
    if (known !== undefined || described === undefined) return known;
    const fields = new Map(
      Object.entries(described).map(([field, { id, type, keyType, rule }]) => {
        const value = fieldOf(field, type, name, rule === "repeated");
        if (keyType === undefined) return [id, value];
        const pair = new Map([
          [1, fieldOf("key", keyType, name)],
          [2, fieldOf("value", type, name)],
        ]);
        return [id, { name: field, forms: [delimited], isText: false, below: () => pair }];
      }),
    );
    read.set(name, fields);
    return fields;
  }

  return (type, bytes) => {
    const fields = fieldsOf(type);
    if (fields === undefined) throw new Error(`the description has no message ${type}`);
    return lostOf(bytes, fields, "");
  };
}

function lostOf(bytes: Uint8Array, fields: Fields, within: string): Refusal | undefined {
  for (const [number, form, value] of partsOf(bytes)) {
    const field = fields.get(number);
    const name = `${within}${field?.name ?? number}`;
    if (field === undefined || !field.forms.includes(form)) return notServed(`the field ${name}`);
    if (field.isText && !isUtf8(value))
      return refusal("INVALID_ARGUMENT", `Invalid value of the field ${name}: no UTF-8.`);
    const below = field.below();
    const lost = below && lostOf(value, below, `${name}.`);
    if (lost !== undefined) return lost;
  }
  return undefined;
}

const nothing = new Uint8Array();

/** Reads a message's parts: the number of the field, the form of its value, and the bytes of one that has a length. */
function* partsOf(bytes: Uint8Array): Generator<[number: number, form: number, value: Uint8Array]> {
  let at = 0;
  function number(): number {
    let value = 0;
    for (let power = 1; power <= 2 ** 63; power *= 128) {
      const byte = bytes[at];
      if (byte === undefined) break;
      at += 1;
      value += (byte % 128) * power;
      if (byte < 128) return value;
    }
    throw new RangeError("a number without an end");
  }
  function take(length: number): Uint8Array {
    at += length;
    if (at > bytes.length) throw new RangeError("a part that is longer than the message");
    return bytes.subarray(at - length, at);
  }
  while (at < bytes.length) {
    const tag = number();
    const form = tag % 8;
    if (form === varint) number();
    const length = form === delimited ? number() : form === eightBytes ? 8 : form === fourBytes ? 4 : 0;
    const value = take(length);
    yield [Math.floor(tag / 8), form, form === delimited ? value : nothing];
  }
}
