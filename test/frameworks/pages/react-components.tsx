/** The components of `helpdesk-elements/react`. */
import { HelpDesk, TicketForm, TicketList, TopicPicker } from 'helpdesk-elements/react';
import { useState, type JSX } from 'react';
import { createRoot } from 'react-dom/client';
import { flushSync } from 'react-dom';
import { drive, hear, start, type State } from './state.js';

let set: (change: Partial<State>) => void;

function Page(): JSX.Element {
  const [state, setState] = useState(start);
  set = (change) => flushSync(() => setState({ ...state, ...change }));
  const { subject, displayName, pageSize, noFilters, options, prefill, topics, backend, name, notes, header } = state;
  return (
    <>
      <HelpDesk
        id="desk"
        name={name}
        backend={backend}
        displayName={displayName}
        options={options}
        onTicketSelect={hear}
        onTicketSubmit={hear}
        onTicketCreated={hear}
        onReplySend={hear}
        onReplySent={hear}
        onStatusChange={hear}
        onStatusChanged={hear}
        onTicketRated={hear}
        onUnreadChanged={hear}
        onHelpDeskReady={hear}
        onHelpDeskOpen={hear}
        onHelpDeskClose={hear}
        onIdentityRequired={hear}
        onHelpDeskError={hear}
      >
        <TicketList pageSize={pageSize} noFilters={noFilters} />
        <TicketForm subject={subject} prefill={prefill} />
        <TopicPicker name="topic" topics={topics} />
        {notes.map((note) => (
          <p key={note}>{note}</p>
        ))}
      </HelpDesk>
      <HelpDesk id="whole" name="whole" backend="osticket" url="/desk" options={{ apiKey: 'k' }}>
        <h3 slot="header">{header}</h3>
      </HelpDesk>
    </>
  );
}

void drive((place) => {
  const root = createRoot(place);
  flushSync(() => root.render(<Page />));
  return (change) => set(change);
});
