/** A page that a server writes and React takes over, with what cannot be written: functions, objects, refs, events. */
import { HelpDesk, TicketForm, TicketList, TopicPicker, type HelpDeskElement } from 'helpdesk-elements/react';
import { StrictMode, useCallback, useEffect, useLayoutEffect, useRef, useState, type JSX } from 'react';
import { hydrateRoot } from 'react-dom/client';

function App(): JSX.Element {
  const desk = useRef<HelpDeskElement>(null);
  const [count, setCount] = useState(0);
  const [words, say] = useState('');
  const getToken = useCallback(async () => {
    const answer = await fetch('/helpdesk-token/jane');
    return ((await answer.json()) as { token: string }).token;
  }, []);
  useLayoutEffect(() => {
    document.body.dataset['ref'] = typeof desk.current?.refresh;
  }, []);
  useEffect(() => {
    document.body.dataset['count'] = `${count}`;
  });
  return (
    <>
      <button onClick={() => setCount(count + 1)}>Again</button>
      <HelpDesk
        ref={desk}
        className="desk"
        url="/helpdesk"
        getToken={getToken}
        options={{ headers: { 'x-app': 'one' } }}
        prefill={{ subject: 'A lamp' }}
        onHelpDeskReady={({ name }) => say(`${name} is ready`)}
        onIdentityRequired={() => say('Who is there?')}
      >
        <TicketList pageSize={2} noFilters={count < 2} />
        <TicketForm
          prefill={{ subject: 'A lamp', message: { value: 'It blinks', readOnly: true } }}
          onTicketSubmit={(event) => {
            event.preventDefault();
            say(`${count}: ${event.draft.subject}, ${event.draft.message}`);
          }}
        />
        <TopicPicker name="topic" required topics={[{ id: '1', name: 'Orders' }]} value="1" />
      </HelpDesk>
      <output>{words}</output>
    </>
  );
}

export const app = (
  <StrictMode>
    <App />
  </StrictMode>
);
if (typeof document !== 'undefined') hydrateRoot(document.querySelector('#app')!, app);
