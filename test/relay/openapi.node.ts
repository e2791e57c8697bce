import { expect } from 'chai';
import { safeParse, type GenericSchema } from 'valibot';
import { openApi, toJsonSchema } from '../../src/relay/openapi.js';
import { input, listQuery, output, routes, type Route } from '../../src/relay/protocol.js';
import { openBench, send, type RelayBench } from './bench.js';

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly properties?: Record<string, Schema>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}
interface Operation {
  readonly operationId: string;
  readonly security?: unknown[];
  readonly parameters?: readonly { name: string; in: string; schema: Schema }[];
  readonly requestBody?: { content: Record<string, { schema: Schema }> };
  readonly responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
}
interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { schemas: Record<string, Schema> };
}

/** Is a value of this schema? As much of JSON Schema as the text uses. */
function fits(schema: Schema, value: unknown, all: Record<string, Schema>): boolean {
  if (schema.$ref) return fits(all[schema.$ref.split('/').at(-1)!]!, value, all);
  if (schema.enum && !schema.enum.includes(value as string)) return false;
  switch (schema.type) {
    case 'string':
      return (
        typeof value === 'string' &&
        value.length <= (schema.maxLength ?? Infinity) &&
        new RegExp(schema.pattern ?? '', 'u').test(value)
      );
    case 'number':
    case 'integer':
      return (
        typeof value === 'number' &&
        (schema.type === 'number' || Number.isInteger(value)) &&
        value >= (schema.minimum ?? -Infinity) &&
        value <= (schema.maximum ?? Infinity)
      );
    case 'boolean':
      return typeof value === 'boolean';
    case 'array':
      return (
        Array.isArray(value) &&
        value.length <= (schema.maxItems ?? Infinity) &&
        value.every((each) => fits(schema.items!, each, all))
      );
    case 'object': {
      if (!value || typeof value !== 'object' || Array.isArray(value)) return false;
      const { properties = {}, required = [], additionalProperties } = schema;
      return (
        required.every((name) => name in value) &&
        Object.entries(value).every(([name, each]) => {
          const own = Object.hasOwn(properties, name) ? properties[name] : undefined;
          if (own) return fits(own, each, all);
          return typeof additionalProperties === 'object'
            ? fits(additionalProperties, each, all)
            : additionalProperties !== false;
        })
      );
    }
    default:
      return true;
  }
}

describe('the OpenAPI text', () => {
  const text = openApi() as unknown as Document;
  const { schemas } = text.components;

  it('names every route, and what each takes and answers', () => {
    expect(text.openapi).to.equal('3.1.0');
    const named = Object.entries(text.paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, { operationId }]) => `${operationId} ${method.toUpperCase()} ${path}`),
    );
    const wanted = Object.entries(routes).map(([name, { method, path }]) => `${name} ${method} ${path}`);
    expect(named.sort()).to.deep.equal(wanted.sort());
    const list = text.paths['/v1/tickets']!['get']!;
    expect(list.parameters!.map(({ name }) => name)).to.deep.equal(Object.keys(listQuery.entries));
    const create = text.paths['/v1/tickets']!['post']!;
    expect(Object.keys(create.requestBody!.content)).to.deep.equal(['application/json', 'multipart/form-data']);
    expect(Object.keys(create.responses)).to.deep.equal(['201', 'default']);
    expect(text.paths['/v1/guest-access']!['post']!.security).to.deep.equal([]);
    expect(create.security).to.equal(undefined);
    // Every reference leads somewhere.
    for (const [, name] of JSON.stringify(text).matchAll(/"#\/components\/schemas\/(\w+)"/g))
      expect(schemas).to.have.property(name!);
  });

  it('says the same as the schemas that are checked with', () => {
    const values: unknown[] = [
      null,
      'x',
      {},
      { subject: 'a', message: 'b' },
      { subject: ' ', message: 'b' },
      { subject: 'a', message: 'b', format: 'html', topicId: '1', tags: ['1'], fields: { order: '1' }, priority: '2' },
      { subject: 'a', message: 'b', topicId: '../1' },
      { subject: 'a', message: 'b', topicId: 1 },
      { subject: 'a', message: 'b', other: 1 },
      { subject: 'a', message: 'b', fields: { 'a b': 'x' } },
      { subject: 'a', message: 'b', fields: { a: 1 } },
      { subject: 'a'.repeat(501), message: 'b' },
      { subject: 'a', message: 'b', tags: Array.from({ length: 21 }, () => '1') },
      { message: 'b' },
      { message: 'b', status: 'open' },
      { message: 'b', status: 'opened' },
      { status: 'closed', reason: 'x' },
      { score: 5 },
      { score: 0 },
      { score: 1.5 },
      { score: '5' },
      { priority: '1', assignee: 'nora' },
      { assignee: 'Nora O’Neill' },
      { assignee: 'jane.doe@example.test' },
      { assignee: '-nora' },
      { assignee: 'nora\nx' },
      { email: 'a@b.c', number: '1' },
      { email: 'a@b.c', code: '12345678' },
      { email: 'a@b.c', code: '1234567' },
    ];
    let taken = 0;
    for (const [name, schema] of Object.entries(input) as [string, GenericSchema][])
      for (const value of values) {
        const { success } = safeParse(schema, value);
        taken += Number(success);
        if (name.endsWith('Draft') && JSON.stringify(value)?.includes('a b')) continue;
        expect(fits(toJsonSchema(schema), value, schemas), `${name} ${JSON.stringify(value)?.slice(0, 80)}`).to.equal(
          success,
        );
      }
    expect(taken).to.be.greaterThan(8);
  });

  describe('and the answers', () => {
    let bench: RelayBench;
    before(async () => {
      bench = await openBench('support-ticket', { guests: { mode: 'create' } });
    });
    after(() => bench.close());

    it('agree, good and bad', async () => {
      const served = await (await bench.ask('GET', '/v1/openapi.json', { origin: null })).json();
      expect(served).to.deep.equal(JSON.parse(JSON.stringify(openApi())));
      const ticket = bench.stored('jane@example.test').find(({ number }) => number === '309214')!;
      const bodies: Record<string, object> = {
        create: { subject: 'Hello', message: 'Hello', topicId: '1' },
        reply: { message: 'Hello' },
        status: { status: 'closed' },
        rating: { score: 5 },
        update: { priority: '1' },
        guestAccess: { email: 'a@example.test' },
        guestConfirm: { email: 'a@example.test', code: '12345678' },
      };
      const seen: string[] = [];
      for (const [name, route] of Object.entries(routes) as [string, Route][])
        for (const token of [undefined, 'bad']) {
          const address = route.path.replace('{id}', `${ticket.id}`).replace('{attachmentId}', '1');
          const response = await send(bench.relay, route.method, address, {
            who: 'jane',
            ...(token && { token }),
            ...(bodies[name] && { body: bodies[name] }),
          });
          const { responses } = text.paths[route.path]![route.method.toLowerCase()]!;
          const told = responses[`${response.status}`] ?? responses['default']!;
          const [type, { schema }] = Object.entries(told.content!)[0]!;
          expect(response.headers.get('content-type'), name).to.equal(type);
          const value: unknown = type === 'application/octet-stream' ? await response.blob() : await response.json();
          expect(fits(schema, value, schemas), `${name} ${JSON.stringify(value).slice(0, 200)}`).to.equal(true);
          seen.push(`${name} ${response.status}`);
        }
      expect(seen).to.include.members([
        'list 200',
        'read 200',
        'create 201',
        'reply 201',
        'status 200',
        'tags 200',
        'list 401',
      ]);
      expect(Object.keys(output)).to.include('problem');
    });
  });
});
