/** Elements anywhere in a page, in any order, in any number. */
import { expect } from '@open-wc/testing';
import { define } from '../../src/elements/registration.js';
import type { HelpDesk } from '../../src/elements/help-desk/help-desk.js';
import { button, field, query, queryAll, seen, until, words, write } from '../support/screen.js';
import { attributes, cleanUp, jane, omar, place, testDesk } from '../support/widget.js';
import { heardWarnings } from '../support/warnings.js';

const rows = (root: Node): HTMLElement[] => queryAll(root, '[part=item]').filter(seen);
const hint = 'No help desk is connected to this page.';
const four = ['ticket-list', 'ticket-thread', 'ticket-form', 'topic-picker'] as const;
/** How each shows that it has a desk. */
const alive: Record<(typeof four)[number], (root: Node) => unknown> = {
  'ticket-list': (root) => rows(root).length,
  'ticket-thread': (root) => words(root).includes('Choose a ticket to read it here.'),
  'ticket-form': (root) => query(root, 'textarea'),
  'topic-picker': (root) => query(root, '[role=combobox]') && !words(root).includes(hint),
};

const warnings = heardWarnings();
afterEach(async () => {
  await cleanUp();
});

describe('an element alone on a page', () => {
  for (const tag of four) {
    it(`${tag} works with a store of its own`, async () => {
      const desk = await testDesk();
      const supplier = place(`<help-desk name="elsewhere" ${attributes(desk, 'osticket')}><i></i></help-desk>`);
      const store = await supplier.querySelector('help-desk')!.ready;
      const element = document.createElement(tag);
      element.store = store;
      place('').append(element);
      await until(() => alive[tag](element), tag);
      expect(warnings()).to.deep.equal([]);
    });

    it(`${tag} says that there is no desk, and once to the page`, async () => {
      const page = place(`<${tag}></${tag}>`);
      await until(() => words(page).includes(hint), 'the hint');
      const element = page.firstElementChild!;
      page.append(element);
      await until(() => words(page).includes(hint), 'the hint again');
      expect(warnings().length).to.equal(1);
      expect(warnings()[0]).to.deep.equal([`<${tag}> found no help desk in this page`, element]);
      await expect(page).to.be.accessible();
    });
  }

  it('works as soon as a desk comes after all', async () => {
    const page = place(four.map((tag) => `<${tag}></${tag}>`).join(''));
    await until(() => words(page).split(hint).length === 5, 'four hints');
    const desk = await testDesk();
    page.insertAdjacentHTML('beforeend', `<help-desk ${attributes(desk, 'osticket')}><i></i></help-desk>`);
    for (const tag of four) await until(() => alive[tag](query(page, tag)!), tag);
    expect(words(page)).not.to.contain(hint);
    page.querySelector('help-desk')!.remove();
    await until(() => words(page).split(hint).length === 5, 'four hints again');
  });
});

describe('elements and their desk', () => {
  it('find each other with the desk last, in other shadow roots, open and closed', async () => {
    const desk = await testDesk();
    const page = place('<div></div><section></section>');
    const open = page.querySelector('div')!.attachShadow({ mode: 'open' });
    open.innerHTML = '<ticket-list></ticket-list>';
    const closed = page.querySelector('section')!.attachShadow({ mode: 'closed' });
    closed.innerHTML = '<ticket-thread></ticket-thread><ticket-form></ticket-form>';
    const third = document.createElement('p').attachShadow({ mode: 'closed' });
    page.append(third.host);
    third.innerHTML = `<help-desk ${attributes(desk, 'osticket')}><i></i></help-desk>`;
    await until(() => rows(open).length && alive['ticket-form'](closed), 'both');
    rows(open)[0]!.click();
    await until(() => query(closed, 'article'), 'the thread follows the list');
    expect(warnings()).to.deep.equal([]);
  });

  it('prefer the store of their own, then the desk they name, then the one around, then the default', async () => {
    const desk = await testDesk();
    const page = place(`
      <help-desk name="named" ${attributes(desk, 'osticket', omar)}><i></i></help-desk>
      <help-desk ${attributes(desk, 'osticket', 'mia@example.test')}><i></i></help-desk>
      <help-desk name="around" ${attributes(desk, 'osticket', jane)}>
        <ticket-form class="inside"></ticket-form><ticket-form class="other" desk="named"></ticket-form>
      </help-desk>
      <ticket-form class="outside"></ticket-form>`);
    const [named, other, around] = page.querySelectorAll<HelpDesk>('help-desk');
    await Promise.all([named!.ready, other!.ready, around!.ready]);
    const form = (name: string) => page.querySelector<HTMLElementTagNameMap['ticket-form']>(`.${name}`)!;
    for (const name of ['inside', 'other', 'outside']) {
      await until(() => query(form(name), 'textarea'), name);
      write(field(form(name), 'Subject'), `From ${name}`);
      write(field(form(name), 'Message'), 'x');
      button(form(name), 'Send').click();
      await until(() => query(form(name), '[part=success]'), `${name} is sent`);
    }
    const subjects = async (person: string) =>
      (await desk.tickets(person)).map(({ subject }) => subject).filter((subject) => subject.startsWith('From '));
    expect(await subjects(jane)).to.deep.equal(['From inside']);
    expect(await subjects(omar)).to.deep.equal(['From other']);
    expect(await subjects('mia@example.test')).to.deep.equal(['From outside']);
    const list = document.createElement('ticket-list');
    list.desk = 'around';
    list.store = named!.store;
    page.append(list);
    const count = (await desk.tickets(omar)).length;
    await until(() => rows(list).length === count, 'the list of its own store');
    list.store = undefined;
    const janes = (await desk.tickets(jane)).length;
    await until(() => rows(list).length === janes, 'the list of the named desk');
  });

  it('follow when an element is moved between desks, or told of another', async () => {
    const desk = await testDesk();
    const page = place(
      `<help-desk name="a" ${attributes(desk, 'osticket', jane)}><i></i></help-desk>` +
        `<help-desk name="b" ${attributes(desk, 'support-ticket', omar)}><i></i></help-desk>`,
    );
    const [a, b] = page.querySelectorAll<HelpDesk>('help-desk');
    const [janes, omars] = [(await desk.tickets(jane)).length, (await desk.tickets(omar)).length];
    expect(janes).not.to.equal(omars);
    const list = document.createElement('ticket-list');
    a!.append(list);
    await until(() => rows(list).length === janes, 'the first');
    b!.append(list);
    await until(() => rows(list).length === omars, 'the second');
    list.desk = 'a';
    await until(() => rows(list).length === janes, 'the first by name');
    page.append(list);
    list.desk = 'b';
    await until(() => rows(list).length === omars, 'the second by name');
    expect(warnings()).to.deep.equal([]);
  });

  it('keep properties that were set before they were defined', async () => {
    const early = document.createElement('never-defined-form') as HTMLElement & Record<string, unknown>;
    Object.assign(early, { subject: 'Before', prefill: { message: 'Upgrade' }, draft: undefined, noAttachments: true });
    const { TicketForm } = await import('../../src/elements/ticket-form/ticket-form.js');
    const desk = await testDesk();
    const page = place(`<help-desk ${attributes(desk, 'osticket')}></help-desk>`);
    page.querySelector('help-desk')!.append(early);
    customElements.define('never-defined-form', class extends TicketForm {});
    await until(() => query(early, 'textarea'), 'the form');
    expect(field(early, 'Message').value).to.equal('Upgrade');
    expect(field(early, 'Subject').value).to.equal('Before');
    expect(query(early, '#files')).to.equal(undefined);
  });

  it('keep the properties of a desk that were set before it was defined', async () => {
    const desk = await testDesk();
    const { url, ...options } = desk.backendOptions('osticket', jane);
    const early = document.createElement('never-defined-help-desk') as HTMLElement & Record<string, unknown>;
    Object.assign(early, {
      backend: 'osticket',
      url,
      options,
      email: jane,
      view: 'new',
      prefill: { subject: 'Early' },
    });
    const { HelpDesk } = await import('../../src/elements/help-desk/help-desk.js');
    place('').append(early);
    customElements.define('never-defined-help-desk', class extends HelpDesk {});
    await until(() => field(early, 'Subject').value === 'Early', 'the form');
    expect(early.getAttribute('view')).to.equal('new');
  });
});

describe('define', () => {
  it('is harmless twice, and registers under a prefix with prefixed parts', async () => {
    const { HelpDesk } = await import('../../src/elements/help-desk/help-desk.js');
    expect(customElements.get('help-desk')).to.equal(HelpDesk);
    define();
    define({ prefix: 'acme-' });
    define({ prefix: 'acme-' });
    expect(customElements.get('help-desk')).to.equal(HelpDesk);
    const desk = await testDesk();
    const page = place(`<acme-help-desk ${attributes(desk, 'osticket')}></acme-help-desk>`);
    await until(() => rows(page).length, 'the list');
    expect(query(page, 'acme-ticket-list')).not.to.equal(undefined);
    rows(page)[0]!.click();
    await until(() => query(page, 'acme-ticket-thread', 'article'), 'the thread');
    button(page, 'New ticket').click();
    await until(() => query(page, 'acme-ticket-form', 'textarea'), 'the form');
    await until(() => query(page, 'acme-topic-picker', '[role=combobox]'), 'the picker');
    expect(query(page, 'ticket-list, ticket-thread, ticket-form, topic-picker')).to.equal(undefined);
  });

  it('supplies prefixed elements around and beside the prefixed desk', async () => {
    define({ prefix: 'acme-' });
    const desk = await testDesk();
    const page = place(
      `<acme-ticket-form></acme-ticket-form><acme-help-desk ${attributes(desk, 'osticket')}><acme-ticket-list></acme-ticket-list></acme-help-desk>`,
    );
    await until(() => rows(page).length && query(page, 'textarea'), 'both');
  });
});

describe('the bundle loaded twice', () => {
  it('shares desks between two copies of the source', async () => {
    const again = (await import(
      /* @vite-ignore */ new URL('../../src/store/desks.ts?again', import.meta.url).href
    )) as {
      findDesk: (name: string) => unknown;
    };
    const backends = (await import(
      /* @vite-ignore */ new URL('../../src/backends/backend.ts?again', import.meta.url).href
    )) as { loadBackend: (name: string) => Promise<unknown> };
    const desk = await testDesk();
    const page = place(`<help-desk name="shared" ${attributes(desk, 'osticket')}></help-desk>`);
    const store = await page.querySelector('help-desk')!.ready;
    expect(again.findDesk('shared')).to.equal(store);
    expect(typeof (await backends.loadBackend('osticket'))).to.equal('function');
  });

  it('works beside the built script, once the one and once the other', async function () {
    const built = '/dist/cdn/help-desk.js';
    // Only where it was built: `npm run check` does so before.
    if (!(await fetch(built)).ok) return;
    const frame = document.createElement('iframe');
    const desk = await testDesk();
    place('').append(frame);
    frame.srcdoc = `<!doctype html><title>Twice</title>
      <script type="module" src="${built}"></script><script type="module" src="${built}?again"></script>
      <ticket-list></ticket-list><help-desk ${attributes(desk, 'osticket')}><i></i></help-desk>`;
    const errors: unknown[] = [];
    await new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
    frame.contentWindow!.addEventListener('error', (event) => errors.push(event.message));
    const list = await until(() => frame.contentDocument!.querySelector('ticket-list'), 'the page');
    await until(() => list.shadowRoot?.querySelectorAll('[part=item]').length, 'the list');
    expect(errors).to.deep.equal([]);
  });
});
