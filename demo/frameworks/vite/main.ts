import 'helpdesk-elements/define';

const place = document.querySelector('#app')!;

/** Shows list, thread and reply for whoever is signed in. */
function show(person: string): void {
  const desk = document.createElement('help-desk');
  desk.url = '/helpdesk';
  desk.tokenUrl = `/helpdesk-token/${person}`;
  const list = document.createElement('ticket-list');
  list.pageSize = 5;
  list.noFilters = true;
  const thread = document.createElement('ticket-thread');
  thread.order = 'newest';
  desk.append(list, thread);

  const people = document.createElement('select');
  people.ariaLabel = 'Signed in as';
  people.append(...['jane', 'omar'].map((name) => new Option(name, name, false, name === person)));
  people.addEventListener('change', () => show(people.value));
  const said = document.createElement('output');
  desk.addEventListener('reply-sent', ({ ticketId, entry }) => {
    said.value = `${entry.author.name} answered ticket ${ticketId}.`;
  });
  desk.addEventListener('help-desk-error', ({ error }) => {
    said.value = error.code;
  });
  place.replaceChildren(people, desk, said);
}

show('jane');
