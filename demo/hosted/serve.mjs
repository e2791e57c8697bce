// Serves the hosted page, for sites that can only put a frame on their pages. Beside a relay on the same address:
//   PARENTS='https://www.example.com https://example.com' node serve.mjs
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { getRequestListener } from '@hono/node-server';

const types = { html: 'text/html', css: 'text/css', js: 'text/javascript', map: 'application/json' };
const own = new Set(['help-desk.html', 'frame.css', 'frame.js', 'embed.js']);
/** Where `npm` puts the script tag's files. */
const installed = () =>
  new URL('.', pathToFileURL(createRequire(import.meta.url).resolve('helpdesk-elements/cdn/help-desk.js')));

/** An origin as it is written in frame-ancestors and as browsers name it; nothing else is taken. */
function origin(text) {
  // A host name may have a star or a comma in a URL, which mean something else in a header.
  const taken = /^https:\/\/[\w.-]+(:\d+)?$|^http:\/\/(localhost|127\.0\.0\.1|\[::1])(:\d+)?$/;
  if (!taken.test(text) || !URL.canParse(text) || new URL(text).origin !== text)
    throw new Error(`Not the origin of a page: ${text}. It is like https://www.example.com`);
  return text;
}

/**
 * Answers requests for the hosted page and its files below `path`; `undefined` for all others. `parents` are the origins
 * of the pages that may hold it: only those can, and only those are told its height. `attributes` are those of the
 * page's `<help-desk>`; never take them from a request, or anybody could show another help desk under your name.
 */
export function hostedPage({ parents, attributes, path = '/', files = installed() }) {
  const list = parents.map(origin);
  const escape = (text) => text.replace(/[&"<>]/g, (letter) => `&#${letter.charCodeAt(0)};`);
  const written = attributes && Object.entries(attributes).map(([name, value]) => ` ${name}="${escape(value)}"`);
  const desk = URL.canParse(attributes?.url ?? '') ? ` ${new URL(attributes.url).origin}` : '';
  const headers = {
    'content-security-policy':
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; base-uri 'none'; form-action 'none'; " +
      `connect-src 'self'${desk}; frame-ancestors ${list.join(' ') || "'none'"}; ` +
      "require-trusted-types-for 'script'; trusted-types helpdesk-elements",
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-cache',
  };
  return async (request) => {
    const { pathname } = new URL(request.url);
    if (!pathname.startsWith(path)) return undefined;
    const name = pathname.slice(path.length) || 'help-desk.html';
    const built = /^cdn\/((?:[\w-]+\/)*[\w.-]+\.(?:js|map))$/.exec(name)?.[1];
    if (!built && !own.has(name)) return undefined;
    try {
      const file = built ? new URL(built, files) : new URL(name, import.meta.url);
      let body = await readFile(file);
      if (name.endsWith('.html')) {
        body = String(body).replace('data-parents=""', `data-parents="${list.join(' ')}"`);
        if (written) body = body.replace(/<help-desk[^>]*>/, () => `<help-desk${written.join('')}>`);
      }
      const type = types[name.slice(name.lastIndexOf('.') + 1)];
      // Chunks have names of their own in each build.
      const kept = built?.includes('/') && { 'cache-control': 'public, max-age=31536000, immutable' };
      return new Response(body, { headers: { ...headers, 'content-type': `${type}; charset=utf-8`, ...kept } });
    } catch {
      return new Response('Not found', { status: 404 });
    }
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { PARENTS = '', DESK_URL = '/relay', PORT = '8092', HOST = '127.0.0.1' } = process.env;
  const page = hostedPage({
    parents: PARENTS.split(/\s+/).filter(Boolean),
    attributes: { backend: 'relay', url: DESK_URL },
  });
  const answer = async (request) => (await page(request)) ?? new Response('Not found', { status: 404 });
  createServer(getRequestListener(answer)).listen(Number(PORT), HOST, function () {
    console.log(`http://${HOST}:${this.address().port}/`);
  });
}
