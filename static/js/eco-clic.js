// Small comforts. Every page works without them.
document.addEventListener("click", (event) => {
  const target = event.target.closest("[data-print], [data-dialog], [data-close]");
  if (!target) return;
  if (target.hasAttribute("data-print")) {
    window.print();
    return;
  }
  if (target.hasAttribute("data-close")) {
    const dialog = target.closest("dialog");
    if (dialog) {
      event.preventDefault();
      dialog.close();
    }
    return;
  }
  // A link to a page of confirmation opens the dialog of the same question instead.
  const dialog = document.getElementById(target.dataset.dialog);
  if (dialog && dialog.showModal) {
    event.preventDefault();
    dialog.showModal();
  }
});

// A form sent twice by a double click is sent once; another of its buttons may lead elsewhere (two downloads in a row).
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  const address = event.submitter?.formAction || form.action;
  if (form.dataset.sent === address) event.preventDefault();
  form.dataset.sent = address;
  setTimeout(() => delete form.dataset.sent, 3000);
});

document.addEventListener("keydown", (event) => {
  const menu = document.querySelector(".menu[open]");
  if (event.key === "Escape" && menu) {
    menu.open = false;
    menu.firstElementChild.focus();
  }
});

// The name of the chosen file is said, and a file can be dropped on the whole zone.
for (const zone of document.querySelectorAll("[data-drop]")) {
  const input = zone.querySelector("input[type=file]");
  const status = zone.querySelector("[data-drop-name]");
  zone.addEventListener("dragover", (event) => {
    event.preventDefault();
    zone.classList.add("is-over");
  });
  zone.addEventListener("dragleave", () => zone.classList.remove("is-over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("is-over");
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  input.addEventListener("change", () => {
    status.textContent = input.files.length ? `Fichier choisi : ${input.files[0].name}` : "";
  });
}
