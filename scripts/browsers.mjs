// Finds a browser for tests and benchmarks, and installs one where it may. Run as a script: `npm run browser`.
import { spawnSync } from 'node:child_process';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';

const cache = fileURLToPath(new URL('../.cache/chromium', import.meta.url));
const cachedChrome = `${cache}/headless_shell`;

const runs = (file) => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

const onPath = (...names) =>
  names.flatMap((name) => (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name))).find(runs);

const chromeNames = [
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'chrome',
  'microsoft-edge',
  'msedge',
];

/** Places outside PATH where people have a Chromium: macOS, Windows, Debian's packages. */
const usualPlaces = () => [
  cachedChrome,
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ...['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA']
    .map((name) => process.env[name])
    .filter(Boolean)
    .flatMap((folder) => [
      join(folder, 'Google/Chrome/Application/chrome.exe'),
      join(folder, 'Microsoft/Edge/Application/msedge.exe'),
    ]),
];

/** A file named by an environment variable; a wrong one is an error, not a reason to take another browser. */
function given(name) {
  const file = process.env[name];
  if (file && !runs(file)) throw new Error(`${name}=${file} is not an executable file`);
  return file || undefined;
}

/** Path of a Chromium, or undefined. */
export const findChrome = () => given('CHROME_PATH') ?? onPath(...chromeNames) ?? usualPlaces().find(runs);

/** Path of a Firefox, or undefined. */
export const findFirefox = () => given('FIREFOX_PATH') ?? onPath('firefox-esr', 'firefox');

/** Path of WebKitGTK's MiniBrowser, or undefined where it, its driver or a display is missing. */
export function findWebKit() {
  if (!onPath('WebKitWebDriver') || !(process.env.DISPLAY || onPath('Xvfb'))) return undefined;
  const named = given('MINIBROWSER_PATH');
  if (named || process.platform !== 'linux') return named;
  const folders = existsSync('/usr/lib') ? readdirSync('/usr/lib').filter((name) => name.endsWith('-linux-gnu')) : [];
  return [...folders.map((name) => `/usr/lib/${name}`), '/usr/libexec', '/usr/lib64', '/usr/lib']
    .flatMap((folder) => ['4.1', '4.0'].map((version) => `${folder}/webkit2gtk-${version}/MiniBrowser`))
    .find(runs);
}

const finders = { chrome: findChrome, firefox: findFirefox, webkit: findWebKit };

/** Names of the engines that can be driven here. */
export const foundBrowsers = () => Object.keys(finders).filter((name) => finders[name]());

/** True for the headless-only build, which wants another mode of headless. */
export const isHeadlessShell = (file) => /headless[-_]shell/.test(file);

/** Arguments for Chromium: as root there is no sandbox; the rest keeps it quiet and off the network. */
export const chromeArgs = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

export const missing =
  'No Chrome, Chromium or Edge was found. Install one (Debian, Ubuntu: apt-get install chromium-headless-shell; ' +
  'elsewhere: Google Chrome), or set CHROME_PATH to its program.';

const packages = {
  chrome: [
    ['chromium-headless-shell', 'fonts-dejavu-core'],
    ['chromium', 'fonts-dejavu-core'],
  ],
  firefox: [['firefox-esr']],
  webkit: [['webkit2gtk-driver', 'xvfb']],
};

const isAptRoot = () => process.platform === 'linux' && process.getuid?.() === 0 && runs('/usr/bin/apt-get');

let updated = false;
function apt(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const run = spawnSync('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=300', ...args], { env, encoding: 'utf8' });
  return run.status === 0;
}

function installWithApt(name) {
  if (!isAptRoot()) return;
  updated ||= apt('update');
  for (const wanted of packages[name]) {
    if (finders[name]()) return;
    apt('install', '-y', '--no-install-recommends', ...wanted);
  }
}

/**
 * A Chromium from npm, for Linux without root: fetched into the cache folder, not into package.json. A small shell
 * script starts it, with the libraries and the font that came with it where the machine has none.
 */
function installWithNpm() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return;
  const install = ['install', '--prefix', cache, '--no-save', '--no-audit', '--no-fund', '@sparticuz/chromium@153.0.0'];
  mkdirSync(cache, { recursive: true });
  if (spawnSync('npm', install, { cwd: cache, stdio: 'ignore' }).status !== 0) return;
  const unpack = (name) =>
    brotliDecompressSync(readFileSync(join(cache, 'node_modules/@sparticuz/chromium/bin', name)));
  for (const name of ['al2023.tar.br', 'fonts.tar.br'])
    spawnSync('tar', ['--no-same-owner', '-xf', '-', '-C', cache], {
      input: unpack(name),
      stdio: ['pipe', 'ignore', 'ignore'],
    });
  writeFileSync(
    join(cache, 'fonts.conf'),
    `<fontconfig><dir>${cache}/fonts</dir><cachedir>${cache}/cache</cachedir></fontconfig>`,
  );
  writeFileSync(join(cache, 'chromium'), unpack('chromium.br'), { mode: 0o755 });
  const lines = [
    '#!/bin/sh',
    `cd '${cache}' || exit`,
    './chromium --version >/dev/null 2>&1 || export LD_LIBRARY_PATH="$PWD/lib"',
    '[ -d /usr/share/fonts ] || export FONTCONFIG_FILE="$PWD/fonts.conf"',
    'exec ./chromium "$@"',
  ];
  writeFileSync(cachedChrome, `${lines.join('\n')}\n`, { mode: 0o755 });
  rmSync(join(cache, 'node_modules'), { recursive: true, force: true });
}

/** Path of an engine's program, installed first where there is none and that can be done; else undefined. */
export function ensureBrowser(name = 'chrome', say = console.log) {
  const found = finders[name]();
  if (found) return found;
  say(`No ${name} found, installing one …`);
  installWithApt(name);
  if (!finders[name]() && name === 'chrome') installWithNpm();
  return finders[name]();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const names = process.argv.slice(2);
  if (names[0] === '--list') console.log(foundBrowsers().join(','));
  else
    for (const name of names.length ? names : ['chrome']) {
      const file = finders[name] && ensureBrowser(name);
      if (file) console.log(`${name}: ${file}`);
      else {
        console.error(name === 'chrome' ? missing : `No ${name} here, and none could be installed.`);
        process.exitCode = 1;
      }
    }
}
