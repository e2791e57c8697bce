// What editors know of the elements, from custom-elements.json: `vscode.html-custom-data.json` and `web-types.json`, in
// the folder given or the project's own.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url));
const read = (name) => JSON.parse(readFileSync(join(folder, name), 'utf8'));
const write = (name, data) => writeFileSync(join(folder, name), `${JSON.stringify(data, null, 2)}\n`);

const { name, version } = read('package.json');
const elements = read('custom-elements.json').modules.flatMap(({ declarations }) => declarations);

/** The words an attribute may have, where its description names them in code and they are all there are. */
const valuesOf = ({ name: attribute, description = '' }) =>
  ['placement', 'status', 'scope', 'backend', 'order'].includes(attribute)
    ? [...description.matchAll(/`([\w-]+)`/g)].map(([, value]) => value)
    : [];
const isFlag = ({ type }) => type?.text === 'boolean';

write('vscode.html-custom-data.json', {
  version: 1.1,
  tags: elements.map(({ tagName, description, attributes = [] }) => ({
    name: tagName,
    description,
    attributes: attributes.map((one) => ({
      name: one.name,
      description: one.description,
      ...(isFlag(one) && { valueSet: 'v' }),
      ...(valuesOf(one).length && { values: valuesOf(one).map((value) => ({ name: value })) }),
    })),
  })),
});

const described = (items = []) => items.map((one) => ({ name: one.name, description: one.description }));
write('web-types.json', {
  $schema: 'https://raw.githubusercontent.com/JetBrains/web-types/master/schema/web-types.json',
  name,
  version,
  'description-markup': 'markdown',
  contributions: {
    html: {
      elements: elements.map((element) => ({
        name: element.tagName,
        description: element.description,
        attributes: (element.attributes ?? []).map((one) => ({
          name: one.name,
          description: one.description,
          value: isFlag(one) ? { kind: 'no-value' } : { kind: 'plain', type: one.type?.text ?? 'string' },
          ...(valuesOf(one).length && { values: valuesOf(one).map((value) => ({ name: value })) }),
        })),
        slots: described(element.slots),
        js: {
          properties: (element.members ?? [])
            .filter(({ kind }) => kind === 'field')
            .map((one) => ({ name: one.name, description: one.description, type: one.type?.text ?? 'unknown' })),
          events: described(element.events),
        },
        css: {
          parts: described(element.cssParts),
          properties: described(element.cssProperties),
        },
      })),
    },
  },
});
