// The board: a card dropped on a column ticks its box, chooses the column, and sends the form that works without this.
const board = document.querySelector("[data-board]");
if (board && board.querySelector("[data-board-status]")) {
  let dragged = null;
  for (const card of board.querySelectorAll("[data-card]")) {
    card.draggable = true;
    card.addEventListener("dragstart", (event) => {
      dragged = card;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", card.innerText);
    });
  }
  for (const column of board.querySelectorAll("[data-column]")) {
    column.addEventListener("dragover", (event) => {
      if (!dragged) return;
      event.preventDefault();
      column.classList.add("is-over");
    });
    column.addEventListener("dragleave", () => column.classList.remove("is-over"));
    column.addEventListener("drop", (event) => {
      event.preventDefault();
      if (!dragged || column.contains(dragged)) return;
      for (const box of board.querySelectorAll("[name=action]")) box.checked = dragged.contains(box);
      board.querySelector("[data-board-status]").value = column.dataset.column;
      column.append(dragged);
      board.requestSubmit();
    });
  }
}

// The simulation: the index follows the boxes; the buttons below then speak of what is ticked.
const simulation = document.querySelector("[data-simulate]");
if (simulation) {
  let asked = 0;
  simulation.addEventListener("change", async () => {
    const mine = ++asked;
    const query = new URLSearchParams(new FormData(simulation));
    const response = await fetch(`?${query}`, { headers: { Accept: "text/html" } });
    if (!response.ok || mine !== asked) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    for (const name of ["[data-simulated]", "[data-chosen]"]) {
      const [old, fresh] = [document.querySelector(name), page.querySelector(name)];
      if (old && fresh) old.replaceWith(fresh);
    }
    history.replaceState(null, "", `?${query}`);
  });
}
