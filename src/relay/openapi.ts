/** The protocol as OpenAPI 3.1, made of the schemas that requests are checked with. */
import type { GenericSchema } from 'valibot';
import { input, output, routes, type Route } from './protocol.js';

type Json = Record<string, unknown>;

/** The parts of a valibot schema that are read here. */
interface Shape {
  readonly type: string;
  readonly entries?: Record<string, Shape>;
  readonly wrapped?: Shape;
  readonly item?: Shape;
  readonly key?: Shape;
  readonly value?: Shape;
  readonly options?: readonly string[];
  readonly pipe?: readonly { readonly type: string; readonly requirement?: unknown }[];
}

const limits: Readonly<Record<string, (value: unknown, shape: string) => Json>> = {
  max_length: (value, shape) => ({ [shape === 'array' ? 'maxItems' : 'maxLength']: value }),
  max_entries: (value) => ({ maxProperties: value }),
  min_value: (value) => ({ minimum: value }),
  max_value: (value) => ({ maximum: value }),
  integer: () => ({ type: 'integer' }),
  regex: (value) => ({ pattern: (value as RegExp).source }),
};

/** A schema of ours as JSON Schema. */
export function toJsonSchema(schema: GenericSchema | Shape): Json {
  const shape = schema as unknown as Shape;
  const rules = Object.assign(
    {},
    ...(shape.pipe ?? []).map(({ type, requirement }) => limits[type]?.(requirement, shape.type) ?? {}),
  ) as Json;
  switch (shape.type) {
    case 'optional':
      return toJsonSchema(shape.wrapped!);
    case 'picklist':
      return { type: 'string', enum: shape.options };
    case 'array':
      return { type: 'array', items: toJsonSchema(shape.item!), ...rules };
    case 'record':
      return {
        type: 'object',
        propertyNames: toJsonSchema(shape.key!),
        additionalProperties: toJsonSchema(shape.value!),
        ...rules,
      };
    case 'object':
    case 'strict_object': {
      const entries = Object.entries(shape.entries!);
      const required = entries.filter(([, { type }]) => type !== 'optional').map(([name]) => name);
      return {
        type: 'object',
        properties: Object.fromEntries(entries.map(([name, entry]) => [name, toJsonSchema(entry)])),
        ...(required.length > 0 && { required }),
        ...(shape.type === 'strict_object' && { additionalProperties: false }),
      };
    }
    default:
      return { type: shape.type, ...rules };
  }
}

const ref = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });
const content = (type: string, schema: Json): Json => ({ [type]: { schema } });

function toOperation(name: string, route: Route): Json {
  const { path, summary, query, body, files, open, answer, method } = route;
  const [status, shape] = answer;
  const parameters = [
    ...[...path.matchAll(/\{(\w+)\}/g)].map(([, param]) => ({
      name: param,
      in: 'path',
      required: true,
      schema: { type: 'string' },
    })),
    ...Object.entries(query?.entries ?? {}).map(([param, entry]) => ({
      name: param,
      in: 'query',
      schema: toJsonSchema(entry),
    })),
    ...(method === 'POST' && !open
      ? [{ name: 'Idempotency-Key', in: 'header', schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,128}$' } }]
      : []),
  ];
  const form = body && {
    type: 'object',
    properties: { draft: ref(body), files: { type: 'array', items: { type: 'string', format: 'binary' } } },
    required: ['draft'],
  };
  return {
    operationId: name,
    summary,
    ...(open && { security: [] }),
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: {
        required: true,
        content: {
          ...content('application/json', ref(body)),
          ...(files && content('multipart/form-data', form!)),
        },
      },
    }),
    responses: {
      [status]:
        shape === 'bytes'
          ? { description: 'The bytes', content: content('application/octet-stream', {}) }
          : { description: 'Done', content: content('application/json', ref(shape)) },
      ...(method === 'GET' && shape !== 'bytes' && { 304: { description: 'As it was' } }),
      default: { description: 'An error (RFC 9457)', content: content('application/problem+json', ref('problem')) },
    },
  };
}

/** The description that is served at `/v1/openapi.json`. */
export function openApi(basePath = ''): Json {
  const paths: Record<string, Json> = {};
  for (const [name, route] of Object.entries(routes) as [string, Route][])
    (paths[route.path] ??= {})[route.method.toLowerCase()] = toOperation(name, route);
  return {
    openapi: '3.1.0',
    info: { title: 'Help desk relay', version: '1', license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: basePath || '/' }],
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      schemas: Object.fromEntries(
        Object.entries({ ...input, ...output }).map(([name, schema]) => [name, toJsonSchema(schema)]),
      ),
    },
  };
}
