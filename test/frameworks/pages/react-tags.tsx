/** The tags themselves in JSX. */
import type {} from 'helpdesk-elements/react';
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
      <help-desk
        id="desk"
        name={name}
        backend={backend}
        displayName={displayName}
        options={options}
        onticket-select={hear}
        onticket-submit={hear}
        onticket-created={hear}
        onreply-send={hear}
        onreply-sent={hear}
        onstatus-change={hear}
        onstatus-changed={hear}
        onticket-rated={hear}
        onunread-changed={hear}
        onhelp-desk-ready={hear}
        onhelp-desk-open={hear}
        onhelp-desk-close={hear}
        onidentity-required={hear}
        onhelp-desk-error={hear}
      >
        <ticket-list pageSize={pageSize} noFilters={noFilters} />
        <ticket-form subject={subject} prefill={prefill} />
        <topic-picker name="topic" topics={topics} />
        {notes.map((note) => (
          <p key={note}>{note}</p>
        ))}
      </help-desk>
      <help-desk id="whole" name="whole" backend="osticket" url="/desk" options={{ apiKey: 'k' }}>
        <h3 slot="header">{header}</h3>
      </help-desk>
    </>
  );
}

void drive((place) => {
  const root = createRoot(place);
  flushSync(() => root.render(<Page />));
  return (change) => set(change);
});
