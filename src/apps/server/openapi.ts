// Turns the schemas of views and questions into their OpenAPI description, with an example of each answer.
import { z } from "zod";

import { EVENTS_PATH, FILES, OPENAPI_PATH, SNAPSHOT, VIEWS } from "../../site/endpoints.ts";
import { eventSchemas, refusalSchema } from "../../site/answers/health.ts";
import { METHODOLOGY_VERSION } from "../../engine/decision.ts";
import { publishedSchema } from "../../engine/published-schema.ts";
import { SNAPSHOT_EXAMPLE } from "./snapshot-example.ts";

type JsonSchema = Readonly<Record<string, unknown>>;
type Endpoint = {
  readonly path: string;
  readonly about: string;
  readonly query: z.ZodObject;
  readonly parameters?: z.ZodObject;
};

/** The description of the whole API. @see https://spec.openapis.org/oas/v3.1.0 */
export function openApi(): JsonSchema {
  const views = Object.entries(VIEWS).map(([name, view]) => {
    const schema = schemaOf(view.answer);
    const content = { "application/json": { schema, example: exampleOf(schema) } };
    return [pathOf(view), { get: operation(name, view, { description: view.about, content }) }] as const;
  });
  const files = Object.entries(FILES).map(([name, file]) => {
    const content = { [file.type]: { schema: { type: "string" } } };
    return [pathOf(file), { get: operation(`${name}File`, file, { description: file.about, content }) }] as const;
  });
  return {
    openapi: "3.1.0",
    info: {
      title: "TM Global 100",
      version: METHODOLOGY_VERSION,
      description:
        "Read-only. Amounts are decimal strings in whole units, times UTC, rates and weights in the unit that their " +
        "name ends with. Field names are those of the command line's --json.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }],
    paths: { ...Object.fromEntries(views), ...Object.fromEntries(files), ...snapshot(), ...others() },
  };
}

/** Its schema is that of docs/snapshot.schema.json. */
function snapshot(): JsonSchema {
  const schema = withoutMarks(z.toJSONSchema(publishedSchema, { io: "input" })) as JsonSchema;
  const content = { "application/json": { schema, example: SNAPSHOT_EXAMPLE } };
  return { [pathOf(SNAPSHOT)]: { get: operation("snapshot", SNAPSHOT, { description: SNAPSHOT.about, content }) } };
}

function others(): JsonSchema {
  const events = Object.entries(eventSchemas).map(([name, schema]) => `${name}: ${JSON.stringify(schemaOf(schema))}`);
  const stream = {
    "text/event-stream": { schema: { type: "string" }, example: 'event: block\ndata: {"block":7}\n\n' },
  };
  const description = { "application/json": { schema: { type: "object" } } };
  const about = `Server-sent events; the data of each is JSON. ${events.join(" ")}`;
  return {
    [EVENTS_PATH]: { get: { operationId: "events", responses: { 200: { description: about, content: stream } } } },
    [OPENAPI_PATH]: {
      get: { operationId: "openapi", responses: { 200: { description: "this document", content: description } } },
    },
  };
}

function operation(operationId: string, endpoint: Endpoint, answer: JsonSchema): JsonSchema {
  const refusal = { "application/json": { schema: schemaOf(refusalSchema) } };
  return {
    operationId,
    summary: endpoint.about,
    parameters: [...parametersOf(endpoint.parameters, "path"), ...parametersOf(endpoint.query, "query")],
    responses: {
      200: answer,
      400: { description: "a parameter is out of its bounds", content: refusal },
      503: { description: "still being read", content: refusal },
    },
  };
}

function parametersOf(schema: z.ZodObject | undefined, place: "path" | "query"): JsonSchema[] {
  return Object.entries(schema?.shape ?? {}).map(([name, field]) => {
    const { description, ...form } = schemaOf(field as z.ZodType);
    return {
      name,
      in: place,
      required: place === "path",
      ...(description === undefined ? {} : { description }),
      schema: form,
    };
  });
}

/** `/api/decisions/:week` is `/api/decisions/{week}`. */
function pathOf({ path }: Endpoint): string {
  return path.replace(/:(\w+)/g, "{$1}");
}

function schemaOf(schema: z.ZodType): JsonSchema {
  return withoutMarks(z.toJSONSchema(schema, { io: "output" })) as JsonSchema;
}

/** Every answer is read-only, and OpenAPI says itself by which dialect its schemas go. */
function withoutMarks(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutMarks);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(
    ([key, mark]) => key !== "$schema" && !(key === "readOnly" && mark === true),
  );
  return Object.fromEntries(kept.map(([key, part]) => [key, withoutMarks(part)]));
}

/** A value that a schema allows, made of the examples of its fields. */
export function exampleOf(schema: JsonSchema): unknown {
  const { examples, properties, items, anyOf } = schema as {
    readonly examples?: readonly unknown[];
    readonly properties?: Readonly<Record<string, JsonSchema>>;
    readonly items?: JsonSchema;
    readonly anyOf?: readonly JsonSchema[];
  };
  if (examples?.[0] !== undefined) return examples[0];
  if ("const" in schema) return schema["const"];
  if (Array.isArray(schema["enum"])) return schema["enum"][0] as unknown;
  if (anyOf?.[0] !== undefined) return exampleOf(anyOf[0]);
  if (properties !== undefined) {
    return Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, exampleOf(field)]));
  }
  if (items !== undefined) return [exampleOf(items)];
  return schema["type"] === "boolean" ? true : schema["type"] === "object" ? {} : null;
}
