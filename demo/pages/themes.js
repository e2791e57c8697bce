// Themes: what each custom property is without one, ready-made ones, and how a theme is written as CSS.

/** Colours, each by day and by night, as the elements have them without a theme. */
export const colours = {
  accent: ['#1d5bbf', '#94b8ff', 'What can be pressed, and focus'],
  'on-accent': ['#ffffff', '#0d1730', 'Words on it'],
  tint: ['#edf3fd', '#1d2940', 'What is chosen, and open tickets'],
  surface: ['#ffffff', '#15171c', 'Background'],
  raised: ['#f4f5f8', '#1f2229', 'Notices, closed tickets'],
  text: ['#1a1e26', '#e9ebf0', 'Words'],
  muted: ['#566070', '#a9b1bf', 'Words that matter less'],
  line: ['#e0e3e9', '#343a45', 'Lines between things'],
  control: ['#7d8695', '#7d8798', 'Borders of fields and buttons'],
  danger: ['#a8201a', '#ffb3ab', 'Errors'],
  'danger-tint': ['#fdeeed', '#3a1d1b', 'Behind errors'],
  success: ['#17633a', '#8fd8ac', 'Solved tickets'],
  'success-tint': ['#e5f4eb', '#173324', 'Behind them'],
  waiting: ['#754700', '#f2c46e', 'Tickets that wait'],
  'waiting-tint': ['#fdf2de', '#38290f', 'Behind them'],
};

/** Everything else: what it is without a theme, and what it sets. */
export const others = {
  radius: ['0.625rem', 'Radius of corners'],
  space: ['1rem', 'Distance to the edges'],
  font: ['inherit', 'Font'],
  'font-size': ['inherit', 'Size of words'],
  'block-size': ['min(44rem, 85vh)', 'Height of the widget'],
  'panel-inline-size': ['26rem', 'Width of the panel'],
  'launcher-offset': ['1rem', 'Distance of the button from the edges'],
  'z-index': ['999', 'Layer of the button'],
  'color-scheme': ['light dark', 'By day, by night, or as the system has it'],
};

const serif = 'Georgia, Cambria, serif';
const round = 'ui-rounded, "SF Pro Rounded", "Nunito", system-ui, sans-serif';
const mono = 'ui-monospace, "Cascadia Code", Menlo, monospace';
export const fonts = { inherit: 'The page’s', [serif]: 'With serifs', [round]: 'Round', [mono]: 'Typewriter' };

/** Ready-made themes: colours as [day, night], the rest as it is. Every one can be read. */
export const themes = {
  own: { name: 'As it comes' },
  forest: {
    name: 'Forest',
    accent: ['#1c6b45', '#86d9ae'],
    'on-accent': ['#ffffff', '#0c2418'],
    tint: ['#e8f4ed', '#17301f'],
    radius: '0.25rem',
    font: serif,
  },
  night: {
    name: 'Night',
    accent: ['#ffb86b', '#ffb86b'],
    'on-accent': ['#2a1600', '#2a1600'],
    tint: ['#33261a', '#33261a'],
    surface: ['#1b1622', '#1b1622'],
    raised: ['#272030', '#272030'],
    line: ['#3d3348', '#3d3348'],
    radius: '1.25rem',
    'color-scheme': 'dark',
  },
  paper: {
    name: 'Paper',
    accent: ['#8a3b12', '#f2b48c'],
    'on-accent': ['#fffaf2', '#2b1305'],
    tint: ['#f7e6d3', '#3a2718'],
    surface: ['#fdf8ef', '#1d1914'],
    raised: ['#f4ecdd', '#28221b'],
    text: ['#2a2118', '#f0e7da'],
    muted: ['#665948', '#bcae9a'],
    line: ['#e6dac5', '#42382c'],
    control: ['#8c7d66', '#8f826e'],
    font: serif,
    radius: '0.375rem',
  },
  plum: {
    name: 'Plum',
    accent: ['#7a1f6b', '#f0a3e2'],
    'on-accent': ['#ffffff', '#30062a'],
    tint: ['#f9e9f6', '#381f34'],
    font: round,
    radius: '1.5rem',
  },
  plain: {
    name: 'Black and white',
    accent: ['#000000', '#ffffff'],
    'on-accent': ['#ffffff', '#000000'],
    tint: ['#eeeeee', '#2a2a2a'],
    surface: ['#ffffff', '#000000'],
    raised: ['#f2f2f2', '#1c1c1c'],
    text: ['#000000', '#ffffff'],
    muted: ['#333333', '#dddddd'],
    line: ['#8a8a8a', '#8a8a8a'],
    control: ['#000000', '#ffffff'],
    radius: '0',
  },
};

/** What differs from what the elements have anyway, as lines of CSS. */
export function declarations(theme) {
  const lines = [];
  for (const [name, [day, night]] of Object.entries(colours)) {
    const [ours, theirs] = theme[name] ?? [day, night];
    if (ours === day && theirs === night) continue;
    lines.push(`--help-desk-${name}: ${ours === theirs ? ours : `light-dark(${ours}, ${theirs})`};`);
  }
  for (const [name, [value]] of Object.entries(others))
    if (theme[name] !== undefined && theme[name] !== value) lines.push(`--help-desk-${name}: ${theme[name]};`);
  return lines;
}

/** A theme as a rule of CSS; nothing where there is nothing to say. */
export function themeCss(theme, selector = 'help-desk') {
  const lines = declarations(theme);
  return lines.length ? `${selector} {\n${lines.map((line) => `  ${line}\n`).join('')}}\n` : '';
}

/** Words and what is behind them, with the least contrast that WCAG 2.2 asks for at level AA. */
export const pairs = [
  ['text', 'surface', 4.5, 'Words on the background'],
  ['muted', 'surface', 4.5, 'Lesser words on the background'],
  ['text', 'raised', 4.5, 'Words in a notice'],
  ['muted', 'raised', 4.5, 'Words of a closed ticket'],
  ['text', 'tint', 4.5, 'Words of the chosen ticket'],
  ['muted', 'tint', 4.5, 'Lesser words of the chosen ticket'],
  ['on-accent', 'accent', 4.5, 'Words on a button'],
  ['accent', 'surface', 4.5, 'Links and focus on the background'],
  ['accent', 'tint', 4.5, 'Words of an open ticket'],
  ['danger', 'surface', 4.5, 'An error under a field'],
  ['danger', 'danger-tint', 4.5, 'An error in a notice'],
  ['success', 'success-tint', 4.5, 'Words of a solved ticket'],
  ['waiting', 'waiting-tint', 4.5, 'Words of a ticket that waits'],
  ['control', 'surface', 3, 'Borders of fields'],
];

const linear = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
const luminance = (colour) => {
  const [red, green, blue] = [1, 3, 5].map((at) => linear(parseInt(colour.slice(at, at + 2), 16) / 255));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

/** Contrast of two colours written as `#rrggbb`, from 1 to 21, as WCAG 2.2 has it. */
export function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** Every pair by day and by night (only what the theme's colour scheme lets be seen), with its contrast. */
export function checks(theme) {
  const scheme = theme['color-scheme'] ?? 'light dark';
  const of = (name, at) => (theme[name] ?? colours[name])[at];
  return ['light', 'dark'].flatMap((time, at) =>
    scheme.includes(time)
      ? pairs.map(([front, back, least, what]) => {
          const ratio = contrast(of(front, at), of(back, at));
          // Rounded down: 4.49 is not 4.5.
          return { time, front, back, what, least, ratio: Math.floor(ratio * 10) / 10, enough: ratio >= least };
        })
      : [],
  );
}
