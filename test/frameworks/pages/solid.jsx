import { createSignal, For } from 'solid-js';
import { render } from 'solid-js/web';
import { drive, hear, start } from './state.js';

const [state, setState] = createSignal(start);

const Page = () => (
  <>
    <help-desk
      id="desk"
      prop:name={state().name}
      prop:backend={state().backend}
      prop:displayName={state().displayName}
      prop:options={state().options}
      on:ticket-select={hear}
      on:ticket-submit={hear}
      on:ticket-created={hear}
      on:reply-send={hear}
      on:reply-sent={hear}
      on:status-change={hear}
      on:status-changed={hear}
      on:ticket-rated={hear}
      on:unread-changed={hear}
      on:help-desk-ready={hear}
      on:help-desk-open={hear}
      on:help-desk-close={hear}
      on:identity-required={hear}
      on:help-desk-error={hear}
    >
      <ticket-list prop:pageSize={state().pageSize} prop:noFilters={state().noFilters} />
      <ticket-form prop:subject={state().subject} prop:prefill={state().prefill} />
      <topic-picker name="topic" prop:topics={state().topics} />
      <For each={state().notes}>{(note) => <p>{note}</p>}</For>
    </help-desk>
    <help-desk id="whole" name="whole" backend="osticket" url="/desk" prop:options={{ apiKey: 'k' }}>
      <h3 slot="header">{state().header}</h3>
    </help-desk>
  </>
);

void drive((place) => {
  render(Page, place);
  return (change) => void setState((before) => ({ ...before, ...change }));
});
