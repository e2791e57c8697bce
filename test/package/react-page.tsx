/** The elements in a React app: settings are props, events are `on…`, a ref is the element itself. */
import { StrictMode, useRef, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { HelpDesk, TicketForm, TicketList, type HelpDeskElement } from '../../src/react.js';

function Support({ email }: { readonly email: string }): React.JSX.Element {
  const desk = useRef<HelpDeskElement>(null);
  const [subject, setSubject] = useState('My order');
  const [number, setNumber] = useState('');
  return (
    <>
      <button onClick={() => setSubject('My invoice')}>It is about an invoice</button>
      <button onClick={() => void desk.current?.refresh()}>Look again</button>
      <p>{number && `Sent: ${number}`}</p>
      <HelpDesk ref={desk} backend="osticket" url="/desk" email={email} options={{ apiKey: 'k' }} className="desk">
        <TicketForm
          subject={subject}
          noAttachments
          onTicketSubmit={({ draft }) => Object.assign(draft, { message: `${draft.message} (from React)` })}
          onTicketCreated={({ ticket }) => setNumber(ticket.number)}
        />
        <TicketList pageSize={2} noFilters />
        <ticket-thread order="newest" onreply-sent={({ entry }) => setNumber(entry.id)} />
      </HelpDesk>
    </>
  );
}

createRoot(document.querySelector('#app')!).render(
  <StrictMode>
    <Support email="jane@example.test" />
  </StrictMode>,
);
