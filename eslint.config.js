import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import { configs as lit } from 'eslint-plugin-lit';
import litA11y from 'eslint-plugin-lit-a11y';
import { configs as wc } from 'eslint-plugin-wc';
import ts from 'typescript-eslint';

/** What a page's code never does, with the reason said where it is found. */
const banned = [
  ['ExportDefaultDeclaration', 'Name what is exported.'],
  ['TSEnumDeclaration', 'Use a union of strings.'],
  ['TSModuleDeclaration[kind="namespace"]', 'Use a module.'],
  ['TSParameterProperty', 'Declare the field.'],
  [':matches(PropertyDefinition, MethodDefinition)[accessibility="private"]', 'Use a #name.'],
  [
    'AssignmentExpression[left.property.name=/^(inner|outer)HTML$/]',
    'Markup goes through a template, or through the sanitiser as a fragment.',
  ],
  [
    'CallExpression[callee.property.name=/^(insertAdjacentHTML|setHTMLUnsafe|parseHTMLUnsafe|createContextualFragment)$/]',
    'Markup goes through a template, or through the sanitiser as a fragment.',
  ],
  ['CallExpression[callee.object.name="document"][callee.property.name=/^write(ln)?$/]', 'Use the DOM.'],
].map(([selector, message]) => ({ selector, message }));

const notDynamically = (names, message) => ({
  selector: `ImportExpression[source.value=/^(${names})(\\u002F|$)/]`,
  message,
});

const packagesOf = {
  ky: 'src/backends/retry.ts',
  dompurify: 'src/elements/shared/sanitise.ts',
  jose: 'src/relay/identity.ts',
  htmlparser2: 'src/relay/html.ts',
};

/** A file may import what matches `allow`, as it is written there; by `import type` also what matches `types`. */
const imports = ({ files, ignores = [], allow, types = '(?!)', message, rules = {} }) => ({
  files,
  ignores,
  rules: {
    ...rules,
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            regex: '^lit/(directives/(unsafe-|style-map)|static-html)',
            message: 'It would let a server write markup or break a strict page.',
          },
          { group: ['lit'], importNames: ['css', 'unsafeCSS'], message: 'Of this project: shared/css.' },
          { regex: `^(?!(?:${allow})$|(?:${types})$)`, message },
          { regex: `^(?!(?:${allow})$)`, message, allowTypeImports: true },
        ],
      },
    ],
  },
});

const noNetwork = {
  'no-restricted-globals': [
    'error',
    ...['fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource'].map((name) => ({
      name,
      message: 'Elements and store reach the network through a back end only.',
    })),
  ],
};

const base = '\\.\\./(model|errors|late)\\.js';

export default defineConfig(
  { ignores: ['dist/', 'coverage/', '.cache/'] },
  { files: ['**/*.{js,mjs,cjs}'], extends: [js.configs.recommended], rules: { 'no-undef': 'off' } },
  {
    files: ['**/*.ts'],
    extends: [
      js.configs.recommended,
      ts.configs.recommendedTypeChecked,
      lit['flat/recommended'],
      wc['flat/recommended'],
    ],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { 'lit-a11y': litA11y },
    settings: { wc: { elementBaseClasses: ['LitElement', 'DeskElement'] } },
    rules: {
      ...litA11y.configs.recommended.rules,
      eqeqeq: 'error',
      'no-eval': 'error',
      'no-new-func': 'error',
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-this-alias': 'off',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      // Stores and back ends are made by functions: their methods have no `this`.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      'no-control-regex': 'off',
      'wc/guard-super-call': 'off',
      // WebKit takes the role from a list without bullets: it has to be said again.
      'lit-a11y/no-redundant-role': 'off',
      // The keys of a list box go to its text field; and the list of attributes is older than aria-description. The
      // audit in the tests sees both for real.
      'lit-a11y/click-events-have-key-events': 'off',
      'lit-a11y/role-supports-aria-attr': 'off',
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      'no-console': ['error', { allow: ['warn'] }],
      'no-restricted-syntax': [
        'error',
        ...banned,
        ...Object.entries(packagesOf).map(([name, file]) => notDynamically(name, `Only ${file} reaches ${name}.`)),
        notDynamically('lit\\u002Fdirectives\\u002Funsafe-\\w+\\.js', 'It would let a server write markup.'),
      ],
    },
  },
  { files: ['src/elements/shared/sanitise.ts'], rules: { 'no-restricted-syntax': ['error', ...banned] } },
  { files: ['src/relay/identity.ts'], rules: { 'no-restricted-syntax': ['error', ...banned] } },
  { files: ['src/relay/**/*.ts'], rules: { 'no-console': 'off' } },

  // Who may import whom.
  imports({ files: ['src/model.ts'], allow: '(?!)', message: 'model.ts imports nothing.' }),
  imports({ files: ['src/errors.ts'], allow: '\\./model\\.js', message: 'errors.ts imports model only.' }),
  imports({
    files: ['src/events.ts'],
    allow: '\\./events/[\\w-]+\\.js',
    message: 'events.ts imports the events.',
  }),
  imports({
    files: ['src/events/*.ts'],
    allow: '\\./event\\.js',
    types: '\\.\\./(model|errors|events)\\.js',
    message: 'Events import the class they extend, and of model and errors types.',
  }),
  imports({
    files: ['src/backends/*.ts'],
    ignores: ['client', 'http', 'read', 'relay', 'retry'].map((name) => `src/backends/${name}.ts`),
    allow: `${base}|\\./(backend|client|clock|files|json|later|markup|problem|request|times|words|osticket-(agent|fields|post|read|refusal|shapes|ticket|write)|support-ticket-(read|refusal|write))\\.js`,
    message: 'A back end imports what back ends share, model and errors: no other back end, no DOM library.',
  }),
  imports({
    files: ['src/backends/client.ts'],
    allow: `${base}|\\./(backend|later|request|retry)\\.js`,
    message: 'client.ts imports backend, later, request, retry, model and errors.',
  }),
  imports({
    files: ['src/backends/http.ts', 'src/backends/read.ts'],
    allow: '\\.\\./late\\.js|\\./(backend|client|files|json|later|markup|problem|request|times|words)\\.js',
    message: "http.ts and read.ts pass on what back ends of a page's own need.",
  }),
  imports({
    files: ['src/backends/retry.ts'],
    allow: `${base}|ky`,
    message: 'retry.ts imports ky and errors.',
  }),
  imports({
    files: ['src/backends/relay.ts'],
    allow: `${base}|\\./(backend|json|later|relay-write|request)\\.js|\\.\\./relay/protocol\\.js`,
    message: 'backends/relay.ts imports as any back end, and the protocol.',
  }),
  imports({
    files: ['src/store/**/*.ts'],
    allow: '\\.\\./(model|errors|late)\\.js|\\.\\./backends/backend\\.js|\\./[\\w-]+\\.js',
    types: 'lit|lit/.*|@lit/.*',
    message: 'The store imports model, errors, backend and itself; of lit only types.',
    rules: noNetwork,
  }),
  imports({ files: ['src/strings/*.ts'], allow: '\\./[\\w-]+\\.js', message: 'Texts import texts only.' }),
  imports({
    files: ['src/elements/shared/*.ts'],
    ignores: ['src/elements/shared/sanitise.ts'],
    allow:
      'lit|lit/.*|\\.\\./\\.\\./(model|errors|late|events/[\\w-]+)\\.js|\\.\\./\\.\\./(store|strings)/[\\w-]+\\.js|\\.\\./\\.\\./backends/backend\\.js|\\./[\\w.-]+\\.js',
    types: '\\.\\./[\\w-]+/[\\w.-]+\\.js',
    message: 'What elements share imports lit, model, errors, events, store, strings and itself.',
    rules: noNetwork,
  }),
  imports({
    files: ['src/elements/shared/sanitise.ts'],
    allow: 'dompurify|\\.\\./\\.\\./(model|errors)\\.js|\\./[\\w.-]+\\.js',
    message: 'sanitise.ts imports dompurify and little else.',
    rules: noNetwork,
  }),
  imports({
    files: ['src/elements/*/*.ts'],
    ignores: ['src/elements/shared/*.ts'],
    allow:
      'lit|lit/.*|\\.\\./\\.\\./(model|errors|late|events/[\\w-]+)\\.js|\\.\\./\\.\\./(store|strings)/[\\w-]+\\.js|\\.\\./\\.\\./backends/backend\\.js|\\.\\./shared/[\\w.-]+\\.js|\\.\\./[\\w-]+/define\\.js|\\./[\\w.-]+\\.js',
    types: '\\.\\./[\\w-]+/[\\w.-]+\\.js|\\.\\./\\.\\./backends/diagnose\\.js',
    message:
      'An element imports its own folder, shared, store, strings; of another element its define.js, of back ends only backend.js.',
    rules: noNetwork,
  }),
  imports({
    files: ['src/elements/help-desk/define.ts'],
    allow: '\\./help-desk\\.js|\\.\\./[\\w-]+/define\\.js|\\.\\./shared/register\\.js|\\.\\./\\.\\./backends/all\\.js',
    message: 'A define.js imports its class, other define.js and the list of back ends.',
  }),
  imports({
    files: ['src/relay/**/*.ts'],
    allow:
      '(?!lit(/|$)|ky$|dompurify$)[@\\w][\\w:@/.-]*|\\./[\\w-]+\\.js|\\.\\./(model|errors)\\.js|\\.\\./backends/[\\w-]+\\.js',
    message: 'The relay imports back ends, model and errors: no store, no elements, no lit.',
  }),
  imports({
    files: ['src/testing/*.ts'],
    allow: `chai|${base}|\\.\\./backends/(backend|read)\\.js|\\./[\\w-]+\\.js`,
    message: 'The contract suite imports model, errors, backend, read and chai: nothing of a system or of the demo.',
  }),
  imports({
    files: ['src/index.ts'],
    allow:
      '\\./(model|errors|events)\\.js|\\./backends/backend\\.js|\\./store/[\\w-]+\\.js|\\./strings/[\\w-]+\\.js|\\./elements/registration\\.js',
    types: '\\./backends/diagnose\\.js',
    message: 'index.ts has no side effects: no element, no back end.',
  }),
  // Assertions that end in an object of chai are no promises, whatever has been added to chai's types.
  { files: ['src/testing/*.ts'], rules: { '@typescript-eslint/no-floating-promises': 'off' } },
  {
    files: ['test/**/*.ts', 'demo/**/*.ts'],
    rules: {
      // Assertions are property reads, and those of the accessibility audit are promises.
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/no-floating-promises': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-enum-comparison': 'off',
      '@typescript-eslint/no-base-to-string': 'off',
    },
  },
);
