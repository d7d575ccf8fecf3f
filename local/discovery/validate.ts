// Holds requests and answers of the Google far ends against Google's own discovery documents (schema/, cut by cut.ts).
// Says what is wrong in sentences that name the place; never changes what it checks.
import { readFileSync } from "node:fs";
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import * as z from "zod";
import type { deployed, served } from "./cut.ts";
import { foreignField, picked, selectionOf } from "./fields.ts";

export type Api = keyof typeof served | keyof typeof deployed;

/** A query as it came: a parameter that was given more than once is an array. */
export type Query = Record<string, string | readonly string[]>;

export type Discovery = {
  /** The revision of Google's document that this was cut from. */
  revision: string;
  methodIds: readonly string[];
  /** Lists what is wrong with a request: `params` from the path, and the parsed JSON body where there is one. */
  checkRequest: (
    methodId: string,
    request: { params?: Record<string, string>; query?: Query; body?: unknown },
  ) => string[];
  /** Lists what is wrong with a JSON answer. A partial one (`fields`) is fine, for Google's schemas require nothing. */
  checkAnswer: (methodId: string, body: unknown) => string[];
  /** Cuts an answer down to what `fields` of the query picks; gives the field that is refused, where one is. */
  pick: (
    methodId: string,
    body: unknown,
    fields: string | undefined,
  ) => { body: unknown } | { foreign: string };
};

const Reference = z.object({ $ref: z.string() });
const Parameter = z.object({
  type: z.enum(["string", "integer", "number", "boolean"]),
  format: z.string().optional(),
  location: z.enum(["path", "query"]),
  required: z.boolean().default(false),
  repeated: z.boolean().default(false),
  enum: z.array(z.string()).optional(),
  pattern: z.string().optional(),
  minimum: z.string().optional(),
  maximum: z.string().optional(),
});
type Parameter = z.infer<typeof Parameter>;
const Schema = z.record(z.string(), z.json());
type Schema = z.infer<typeof Schema>;
const Cut = z.object({
  revision: z.string(),
  parameters: z.record(z.string(), Parameter),
  methods: z.record(
    z.string(),
    z.object({
      parameters: z.record(z.string(), Parameter),
      request: Reference.optional(),
      response: Reference.optional(),
    }),
  ),
  schemas: z.record(z.string(), Schema),
});

const loaded = new Map<Api, Discovery>();

/** The published description of one API; read at its first use, for a start must not wait for what nobody has asked yet. */
export function discovery(api: Api): Discovery {
  const read = (): Discovery => {
    const made = loaded.get(api) ?? build(api);
    loaded.set(api, made);
    return made;
  };
  return {
    get revision() {
      return read().revision;
    },
    get methodIds() {
      return read().methodIds;
    },
    checkRequest: (methodId, request) => read().checkRequest(methodId, request),
    checkAnswer: (methodId, body) => read().checkAnswer(methodId, body),
    pick: (methodId, body, fields) => read().pick(methodId, body, fields),
  };
}

function build(api: Api): Discovery {
  const cut = Cut.parse(JSON.parse(readFileSync(new URL(`schema/${api}.json`, import.meta.url), "utf8")));
  // Validators live for one process: what an optimised one saves is less than its optimising costs.
  const ajv = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true, code: { optimize: false } });
  for (const [id, schema] of Object.entries(cut.schemas)) ajv.addSchema(jsonSchema(schema), id);

  const methodOf = (id: string) => {
    const method = cut.methods[id];
    if (method === undefined) throw new Error(`local/discovery/cut.ts does not list ${id}`);
    return method;
  };
  const validatorOf = (reference: string): ValidateFunction => {
    const validator = ajv.getSchema(reference);
    if (validator === undefined) throw new Error(`no schema ${reference}`);
    return validator;
  };
  const check = (what: string, reference: { $ref: string } | undefined, body: unknown): string[] => {
    if (reference === undefined)
      return body === undefined || isEmptyObject(body) ? [] : [`${what}: no body is expected here`];
    const validator = validatorOf(reference.$ref);
    return validator(body) ? [] : (validator.errors ?? []).map((error) => sentence(what, error));
  };

  return {
    revision: cut.revision,
    methodIds: Object.keys(cut.methods),
    checkRequest(methodId, { params = {}, query = {}, body }) {
      const method = methodOf(methodId);
      const known = { ...cut.parameters, ...method.parameters };
      return [
        ...parameterProblems(methodId, "path", known, params),
        ...parameterProblems(methodId, "query", known, plainQuery(query)),
        ...(body === undefined ? [] : check(`${methodId} request`, method.request, body)),
      ];
    },
    checkAnswer: (methodId, body) => check(`${methodId} answer`, methodOf(methodId).response, body),
    pick(methodId, body, fields) {
      if (fields === undefined) return { body };
      const selection = selectionOf(fields);
      const { response } = methodOf(methodId);
      if (selection === undefined || response === undefined) return { foreign: fields };
      const foreign = foreignField(selection, response, (reference) => cut.schemas[reference] ?? {});
      return foreign === undefined ? { body: picked(body, selection) } : { foreign };
    },
  };
}

const isEmptyObject = (value: unknown): boolean =>
  typeof value === "object" && value !== null && Object.keys(value).length === 0;

function parameterProblems(
  methodId: string,
  location: "path" | "query",
  known: Record<string, Parameter>,
  given: Query,
): string[] {
  const missing = Object.entries(known)
    .filter(
      ([name, parameter]) => parameter.location === location && parameter.required && !given[name]?.length,
    )
    .map(([name]) => `${methodId} ${location} parameter ${name} is missing`);
  const wrong = Object.entries(given).flatMap(([name, value]) => {
    const place = `${methodId} ${location} parameter ${name}`;
    const parameter = known[name];
    if (parameter === undefined || parameter.location !== location) return [`${place} is unknown`];
    const values = typeof value === "string" ? [value] : value;
    if (values.length > 1 && !parameter.repeated) return [`${place} is given more than once`];
    return values
      .flatMap((one) => valueProblem(parameter, one) ?? [])
      .map((problem) => `${place} ${problem}`);
  });
  return [...missing, ...wrong];
}

/**
 * Gives a query as the description has it: the parameters of every API may begin with a dollar sign, and the form of the answer may say that
 * enumerations come as numbers (https://cloud.google.com/apis/docs/system-parameters).
 */
const plainQuery = (query: Query): Query =>
  Object.fromEntries(
    Object.entries(query).map(([name, value]) => {
      if (!/^\$(?:alt|fields|key|prettyPrint)$/.test(name)) return [name, value];
      const values = [value].flat().map((one) => one.replace(/^json;enum-encoding=int$/, "json"));
      return [name.slice(1), [...values, ...[query[name.slice(1)] ?? []].flat()]];
    }),
  );

const integerBounds: Record<string, [bigint, bigint]> = {
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  uint32: [0n, 2n ** 32n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
};

function valueProblem(parameter: Parameter, value: string): string | undefined {
  const { type, format = "", enum: names, pattern, minimum, maximum } = parameter;
  if (names !== undefined && !names.includes(value)) return `must be one of ${names.join(", ")}`;
  // In any case of letters: Google takes what its own Python clients send.
  if (type === "boolean" && !/^(?:true|false)$/i.test(value)) return "must be true or false";
  if (type === "number" && !Number.isFinite(Number(value))) return "must be a number";
  const bounds = integerBounds[format];
  if (bounds !== undefined || type === "integer") {
    if (!/^-?\d{1,20}$/.test(value)) return `must be an integer (${format || type})`;
    const least = minimum === undefined ? bounds?.[0] : BigInt(minimum);
    const most = maximum === undefined ? bounds?.[1] : BigInt(maximum);
    if (least !== undefined && BigInt(value) < least) return `must be at least ${least}`;
    if (most !== undefined && BigInt(value) > most) return `must be at most ${most}`;
  }
  if (pattern !== undefined && !new RegExp(`^(?:${pattern})$`, "u").test(value))
    return `must match ${pattern}`;
  return undefined;
}

/** Schemas of Google's formats in JSON (https://developers.google.com/discovery/v1/type-format). */
const formats: Record<string, Schema> = {
  int32: { type: "integer", minimum: -(2 ** 31), maximum: 2 ** 31 - 1 },
  uint32: { type: "integer", minimum: 0, maximum: 2 ** 32 - 1 },
  int64: { type: "string", pattern: "^(?:0|-?[1-9][0-9]{0,18})$" },
  uint64: { type: "string", pattern: "^(?:0|[1-9][0-9]{0,19})$" },
  float: { type: "number" },
  double: { type: "number" },
  byte: { type: "string", pattern: "^[A-Za-z0-9+/_-]*={0,2}$" },
  date: { type: "string", pattern: "^\\d{4}-\\d{2}-\\d{2}$" },
  "date-time": {
    type: "string",
    pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(?:\\.\\d{1,9})?(?:Z|[+-]\\d{2}:\\d{2})$",
  },
  "google-datetime": {
    type: "string",
    pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(?:\\.\\d{1,9})?Z$",
  },
  "google-duration": { type: "string", pattern: "^-?\\d+(?:\\.\\d{1,9})?s$" },
  "google-fieldmask": { type: "string" },
};

/** Google's dialect (JSON Schema draft 3 with its own formats) as today's JSON Schema; what is not declared is refused. */
function jsonSchema(discovered: Schema): Schema {
  const { type, format, $ref, properties, additionalProperties, items, enum: names } = discovered;
  if (typeof $ref === "string") return { $ref };
  if (type === "any" || type === undefined) return {};
  if (type === "array") return { type, items: inner(items) };
  if (type === "object")
    return {
      type,
      properties: Object.fromEntries(
        Object.entries(Schema.parse(properties ?? {})).map(([name, one]) => [name, inner(one)]),
      ),
      additionalProperties: additionalProperties === undefined ? false : inner(additionalProperties),
    };
  if (typeof format === "string") {
    const known = formats[format];
    if (known === undefined) throw new Error(`Google's format ${format} is not known here`);
    return known;
  }
  return names === undefined ? { type } : { type, enum: names };
}

const inner = (schema: unknown): Schema => jsonSchema(Schema.parse(schema ?? {}));

function sentence(what: string, error: ErrorObject): string {
  const place = error.instancePath === "" ? "the body" : error.instancePath.slice(1).replaceAll("/", ".");
  if (error.keyword === "additionalProperties")
    return `${what}: ${place} has the unknown field ${error.params["additionalProperty"]}`;
  if (error.keyword === "enum")
    return `${what}: ${place} must be one of ${error.params["allowedValues"].join(", ")}`;
  return `${what}: ${place} ${error.message ?? "is wrong"}`;
}
