/** A form of a desk of its own, without the widget around it. */
import type { HelpDesk } from '../../../src/elements/help-desk/help-desk.js';
import type { TicketForm } from '../../../src/elements/ticket-form/ticket-form.js';
import type { DialectName, TestDesk } from '../../support/desk.js';
import { field, query, until, write } from '../../support/screen.js';
import { attributes, jane, place, testDesk } from '../../support/widget.js';

export interface Form {
  readonly desk: TestDesk;
  readonly page: HTMLElement;
  readonly helpDesk: HelpDesk;
  readonly form: TicketForm;
}

/** A `<help-desk>` with nothing but a form in it, drawn. `person` empty: nobody is named. */
export async function ticketForm(
  dialect: DialectName = 'osticket',
  { extra = '', person = jane, desk = undefined as TestDesk | undefined } = {},
): Promise<Form> {
  const from = desk ?? (await testDesk());
  const page = place(
    `<help-desk ${attributes(from, dialect, person)}><ticket-form ${extra}></ticket-form></help-desk>`,
  );
  const form = page.querySelector('ticket-form')!;
  await until(() => query(form, 'textarea'), 'the form');
  // The field for files comes a moment later, where there is one.
  if (query(form, '.files')) await until(() => query(form, '#files'), 'the field for files');
  return { desk: from, page, helpDesk: page.querySelector('help-desk')!, form };
}

/** Writes a subject and a message, and the topic where the dialect wants one. */
export async function fill(form: TicketForm, subject: string, message = 'It does not start.'): Promise<void> {
  if (form.shadowRoot!.querySelector('select')) {
    const picker = await until(() => query<HTMLElementTagNameMap['topic-picker']>(form, 'topic-picker'), 'the topics');
    picker.value = '13';
    picker.dispatchEvent(new Event('change', { bubbles: true, composed: true }));
  }
  write(field(form, 'Subject'), subject);
  write(field(form, 'Message'), message);
}

/** The tickets of a person with this subject, as stored. */
export const stored = async (desk: TestDesk, subject: string, person = jane) =>
  (await desk.tickets(person)).filter((ticket) => ticket.subject === subject);
