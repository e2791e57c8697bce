// Shows the page's own source under it.
const place = document.querySelector('.source');
if (place) {
  const answer = await fetch(location.href);
  place.textContent = await answer.text();
}
