import { HelpDesk, TicketList, TicketThread } from 'helpdesk-elements/react';
import { useState, type JSX } from 'react';

const people = ['jane', 'omar'];

/** List, thread and reply, for whoever is signed in. */
export function Support({ person: first }: { readonly person: string }): JSX.Element {
  const [person, setPerson] = useState(first);
  const [ticket, setTicket] = useState<string>();
  const [said, setSaid] = useState('');
  return (
    <>
      <label>
        Signed in as{' '}
        <select
          value={person}
          onChange={({ target }) => {
            setPerson(target.value);
            setTicket(undefined);
          }}
        >
          {people.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <HelpDesk
        url="/helpdesk"
        tokenUrl={`/helpdesk-token/${person}`}
        onReplySent={({ ticketId, entry }) => setSaid(`${entry.author.name} answered ticket ${ticketId}.`)}
        onHelpDeskError={({ error }) => setSaid(error.code)}
      >
        <TicketList pageSize={5} noFilters onTicketSelect={(event) => setTicket(event.ticket.id)} />
        {ticket ? <TicketThread ticket={ticket} order="newest" /> : <p>Choose a ticket.</p>}
      </HelpDesk>
      <output>{said}</output>
    </>
  );
}
