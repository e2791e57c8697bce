// The section `elements` of the README: what each element offers, from custom-elements.json. `--write` writes it.
import { readFileSync } from 'node:fs';
import { finish, table, updateReadme } from './readme.mjs';

const manifest = JSON.parse(readFileSync(new URL('../custom-elements.json', import.meta.url), 'utf8'));
const code = (text) => (text ? `\`${text}\`` : '');
const plainType = (type) => code(type?.text.replace(/ \| undefined$/, ''));

function list(title, head, rows) {
  return rows?.length ? [`**${title}**`, table(head, rows)] : [];
}

function describe(element) {
  const { members = [], attributes = [] } = element;
  const attributeOf = (field) => attributes.find(({ fieldName }) => fieldName === field)?.name;
  const fields = members.filter(({ kind }) => kind === 'field');
  const methods = members.filter(({ kind }) => kind === 'method');
  const named = (items = []) => items.map(({ name, description }) => [code(name) || '(default)', description]);
  return [
    ...list(
      'Attributes and properties',
      ['Attribute', 'Property', 'Type', 'Default', 'What it is'],
      fields.map((field) => [
        code(attributeOf(field.name)),
        code(field.name),
        plainType(field.type) + (field.readonly ? ' (read-only)' : ''),
        code(/^(['\d[{-]|true|false)/.test(field.default) && field.default),
        field.description,
      ]),
    ),
    ...list(
      'Methods',
      ['Method', 'What it does'],
      methods.map(({ name, parameters = [], description }) => [
        code(`${name}(${parameters.map((one) => one.name + (one.optional || one.default ? '?' : '')).join(', ')})`),
        description,
      ]),
    ),
    ...list(
      'Events',
      ['Event', 'Class', 'When'],
      element.events?.map(({ name, type, description }) => [code(name), code(type?.text), description]),
    ),
    ...list('Slots', ['Slot', 'What goes there'], named(element.slots)),
    ...list('Parts', ['Part', 'What it is'], named(element.cssParts)),
    ...list(
      'Custom properties',
      ['Property', 'Default', 'What it sets'],
      element.cssProperties?.map((one) => [code(one.name), code(one.default), one.description]),
    ),
    ...list('States', ['State', 'When'], named(element.cssStates)),
  ].join('\n\n');
}

const elements = manifest.modules.flatMap((module) => module.declarations ?? []);
const markdown = elements.map(
  (element) => `### \`<${element.tagName}>\`\n\n${element.description}\n\n${describe(element)}`,
);
finish(
  await updateReadme({ elements: markdown.join('\n\n') }, { write: process.argv.includes('--write') }),
  'npm run manifest -- --write',
);
