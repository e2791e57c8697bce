/** A language that the page brings, as the README says, over a real help desk. */
import { expect } from '@open-wc/testing';
import { addLanguage, type LanguageTable } from '../../src/index.js';
import { buttons, field, query, until, words } from '../support/screen.js';
import { attributes, cleanUp, place, testDesk } from '../support/widget.js';

afterEach(cleanUp);

async function formIn(lang: string): Promise<HTMLElement> {
  const known = attributes(await testDesk(), 'osticket');
  const page = place(`<div lang="${lang}"><help-desk ${known} view="new"></help-desk></div>`);
  await until(() => query(page, 'form input[type=file]'), 'the form');
  return page;
}

describe('a language of the page', () => {
  it('is shown where `lang` says so, with what is filled in; what has no key stays English', async () => {
    addLanguage('de', {
      Subject: 'Betreff',
      'Up to {count} files, {size} each': 'Bis zu {count} Dateien zu je {size}',
    });
    const page = await formIn('de-AT');
    expect([field(page, 'Betreff').name, buttons(page, 'Send').length]).to.deep.equal(['subject', 1]);
    expect(words(page)).to.match(/Bis zu \d+ Dateien zu je \d/);
    expect(field(await formIn('fr'), 'Subject').name).to.equal('subject');
  });

  it('can tell every key that is drawn', async () => {
    const keys = new Set<unknown>();
    addLanguage('nl', new Proxy<LanguageTable>({}, { get: (_, english) => void keys.add(english) }));
    const page = await formIn('nl');
    expect([...keys]).to.include.members(['Subject', 'Send', 'Up to {count} files, {size} each']);
    expect([field(page, 'Subject').name, buttons(page, 'Send').length]).to.deep.equal(['subject', 1]);
  });
});
