// The bar of work that goes on (an import, an export), read again every two seconds; the page is loaded anew when it is over.
const live = document.querySelector("[data-live]");
const look = async () => {
  const answer = await fetch(live.dataset.live, { headers: { "X-Requested-With": "fetch" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-live]");
  if (!fresh) {
    location.reload();
    return;
  }
  live.replaceChildren(...fresh.childNodes);
  setTimeout(look, 2000);
};
if (live) setTimeout(look, 2000);
