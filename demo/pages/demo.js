// Buttons that open the launcher with a view.
for (const button of document.querySelectorAll('[data-opens]'))
  button.addEventListener('click', () => window.HelpDesk('open', button.dataset.opens));

// Shows the page's own source under it.
const place = document.querySelector('.source');
if (place) {
  const answer = await fetch(location.href);
  place.textContent = await answer.text();
}
