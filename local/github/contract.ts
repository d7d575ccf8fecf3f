// Holds every request and every answer of the GitHub far end against GitHub's published OpenAPI description. It refuses
// what the description refuses and never repairs anything.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import formats from "ajv-formats";
import * as z from "zod";
import type { restOperations } from "./schema/cut.ts";

export type Operation = (typeof restOperations)[number];

/** Parts of a request besides its method: all values of path and query as they were written. */
export type RequestParts = {
  path: Record<string, string>;
  query: Record<string, string>;
  /** Undefined when the request has no body. */
  body: unknown;
};

export type Contract = {
  /** Lists what is wrong with a request, in sentences; the list is empty when it is right. */
  request: (operation: Operation, parts: RequestParts) => string[];
  /** Lists what is wrong with an answer of the far end's own. */
  answer: (operation: Operation, status: number, body: unknown) => string[];
};

const Schema = z.record(z.string(), z.json());
type Schema = z.infer<typeof Schema>;
type Json = Schema[string];
const Content = z.object({ "application/json": z.object({ schema: Schema }) }).optional();
const Parameter = z.object({
  name: z.string(),
  in: z.enum(["path", "query", "header"]),
  required: z.boolean().optional(),
  schema: Schema,
});
const Reference = z.object({ $ref: z.string() });
const Description = z.object({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        parameters: z.array(z.union([Reference, Parameter])).default([]),
        requestBody: z.object({ required: z.boolean().default(false), content: Content }).optional(),
        responses: z.record(z.string(), z.union([Reference, z.object({ content: Content })])),
      }),
    ),
  ),
  components: z.object({
    schemas: z.record(z.string(), Schema),
    parameters: z.record(z.string(), Parameter),
    responses: z.record(z.string(), z.object({ content: Content })),
  }),
});

/** Answers that GitHub may give to any request, though the description names them for a few only. */
const anywhere = new Set([304, 401, 403, 404, 422, 429, 500]);

let loaded: Contract | undefined;

/** GitHub's description, read once; a schema is compiled when it is first needed, for most runs need few. */
export function contract(): Contract {
  loaded ??= readContract();
  return loaded;
}

function readContract(): Contract {
  const text = readFileSync(join(import.meta.dirname, "schema", "openapi.json"), "utf8");
  const description = Description.parse(JSON.parse(text));
  // Not optimised, as in local/discovery/validate.ts.
  const ajv = new Ajv({
    strict: false,
    coerceTypes: false,
    allErrors: false,
    logger: false,
    code: { optimize: false },
  });
  formats.default(ajv);
  for (const [name, schema] of Object.entries(description.components.schemas)) {
    ajv.addSchema(plainObject(schema), `#/components/schemas/${name}`);
  }
  const compiled = new Map<Schema, ValidateFunction>();
  const complaints = (schema: Schema, value: unknown, place: string): string[] => {
    const validate = compiled.get(schema) ?? ajv.compile(plainObject(schema));
    compiled.set(schema, validate);
    return validate(value) ? [] : (validate.errors ?? []).map((error) => sentence(place, error));
  };
  const operationOf = (operation: Operation) => {
    const [method = "", path = ""] = operation.split(" ");
    const found = description.paths[path]?.[method.toLowerCase()];
    if (found === undefined) throw new Error(`the description was cut without ${operation}`);
    return found;
  };
  const bodyOf = (name: string) => description.components.responses[name]?.content;
  const basicError = description.components.schemas["basic-error"];

  return {
    request(operation, { path, query, body }) {
      const { parameters, requestBody } = operationOf(operation);
      const known = parameters.map((parameter) =>
        "$ref" in parameter ? description.components.parameters[lastOf(parameter.$ref)] : parameter,
      );
      const given = { path, query, header: {} as Record<string, string> };
      const wrong = known.flatMap((parameter) => {
        if (parameter === undefined || parameter.in === "header") return [];
        const { name, required, schema } = parameter;
        const value = given[parameter.in][name];
        if (value === undefined) return required === true ? [`${parameter.in} ${name} is missing`] : [];
        return complaints(schema, asWritten(schema, value), `${parameter.in} ${name}`);
      });
      const names = new Set(known.map((parameter) => parameter?.name));
      const unknown = Object.keys(query).filter((name) => !names.has(name));
      wrong.push(...unknown.map((name) => `query ${name} is not a parameter of this operation`));
      const bodySchema = requestBody?.content?.["application/json"].schema;
      if (body !== undefined && bodySchema === undefined) wrong.push("this operation takes no body");
      if (body === undefined && requestBody?.required) wrong.push("the body is missing");
      if (body !== undefined && bodySchema !== undefined) wrong.push(...complaints(bodySchema, body, "body"));
      return wrong;
    },
    answer(operation, status, body) {
      const declared = operationOf(operation).responses[String(status)];
      if (declared === undefined) {
        if (!anywhere.has(status)) return [`status ${status} is not one of this operation's answers`];
        if (status === 304) return body === undefined ? [] : ["a 304 has no body"];
        return basicError === undefined ? [] : complaints(basicError, body, "answer");
      }
      const content = "$ref" in declared ? bodyOf(lastOf(declared.$ref)) : declared.content;
      const schema = content?.["application/json"].schema;
      // The description leaves the bodies of many refusals out; GitHub sends them all the same.
      if (schema === undefined)
        return body === undefined || status >= 400 ? [] : [`a ${status} has no body here`];
      return complaints(schema, body, "answer");
    },
  };
}

const lastOf = (reference: string): string => reference.slice(reference.lastIndexOf("/") + 1);

/** A parameter is text on the wire; what the description calls a number is read as one. */
function asWritten(schema: Schema, value: string): string | number {
  return schema["type"] === "integer" && /^-?\d+$/.test(value) ? Number(value) : value;
}

function sentence(place: string, { instancePath, message, params }: ErrorObject): string {
  const extra = "additionalProperty" in params ? ` (${params["additionalProperty"]})` : "";
  return `${place}${instancePath} ${message ?? "is wrong"}${extra}`;
}

/** OpenAPI 3.0's `nullable` in the words of JSON Schema, which has none. */
function plainObject({ nullable, ...rest }: Schema): Schema {
  const inner = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, plain(value)]));
  return nullable === true ? { anyOf: [{ type: "null" }, inner] } : inner;
}

function plain(value: Json | undefined): Json {
  if (Array.isArray(value)) return value.map(plain);
  return typeof value === "object" && value !== null ? plainObject(value) : (value ?? null);
}
