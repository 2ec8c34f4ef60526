// The bar of work that goes on (an import, an export), read again every two seconds; the page is loaded anew when it is over.
const live = document.querySelector("[data-live]");
const read = async () => {
  const answer = await fetch(live.dataset.live, { headers: { "X-Requested-With": "fetch" } });
  return new DOMParser().parseFromString(await answer.text(), "text/html");
};
const look = async () => {
  const page = await read().catch(() => null); // the network is away: the next look may reach it
  const fresh = page?.querySelector("[data-live]");
  if (page && !fresh) {
    location.reload();
    return;
  }
  if (fresh) live.replaceChildren(...fresh.childNodes);
  setTimeout(look, 2000);
};
if (live) setTimeout(look, 2000);
