// Saves each answer as soon as it is given. Without it, the buttons of the page do the same.
const form = document.querySelector("[data-answers]");
const unsaved = new Set();
let queue = Promise.resolve();
let underWay = 0;
let leaving = false;

function say(question, text) {
  question.querySelector("[data-status]").textContent = text;
}

function put(question, name, html) {
  question.querySelector(`[data-${name}]`)?.remove();
  if (html) question.insertAdjacentHTML("beforeend", html);
}

// What is to be corrected stands before its field, in red, as when the page was sent without script.
function correct(question, text) {
  for (const shown of question.querySelectorAll(".field__error")) shown.remove();
  const fields = question.querySelectorAll("[name$=-value]");
  for (const field of fields) field.setAttribute("aria-invalid", Boolean(text));
  fields[0]?.closest(".field")?.classList.toggle("field--error", Boolean(text));
  if (!text) return;
  const error = document.createElement("p");
  error.className = "field__error";
  error.id = `${question.id}-error`;
  error.role = "alert";
  error.textContent = text;
  fields[0]?.setAttribute("aria-describedby", error.id);
  (fields[0]?.closest("label") ?? fields[0] ?? question.querySelector("[data-status]")).before(error);
}

function sessionEnded(question) {
  const link = document.createElement("a");
  link.href = form.dataset.login;
  link.textContent = "Session terminée : reconnectez-vous. Ce qui était enregistré est gardé.";
  question.querySelector("[data-status]").replaceChildren(link);
}

// Somebody is already typing in the next line of the table: it is not taken away from under her.
function seeAgain(question) {
  const link = document.createElement("a");
  link.href = location.href;
  link.textContent = "Enregistré. Des questions apparaissent ou disparaissent : actualiser.";
  question.querySelector("[data-status]").replaceChildren(link);
}

async function save(question) {
  say(question, "Enregistrement…");
  let response, told;
  try {
    response = await fetch(question.dataset.question, { method: "POST", body: new FormData(form) });
  } catch {
    return say(question, "Pas de connexion : cette réponse partira à son retour.");
  }
  unsaved.delete(question);
  if (response.redirected) return sessionEnded(question);
  try {
    told = await response.json();
  } catch {
    return say(question, "Pas enregistré. Rechargez la page et réessayez.");
  }
  if (told.version) question.querySelector("[data-version]").value = told.version;
  put(question, "conflict", told.conflict);
  if (told.conflict && leaving) {
    leaving = false; // what somebody else answered is seen before it is written over
    question.scrollIntoView();
  }
  correct(question, response.status === 422 && told.error);
  if (!response.ok) return say(question, response.status === 422 ? "" : told.error || "");
  if (told.reload && "rows" in form.dataset) return seeAgain(question);
  if (told.reload && !leaving) return location.reload();
  say(question, "Enregistré");
  put(question, "explain");
  put(question, "explanation", told.explanation);
  for (const [pk, html] of Object.entries(told.warnings)) {
    const concerned = document.getElementById(`q${pk}`);
    if (concerned) put(concerned, "warning", html);
  }
  document.querySelector("[data-progress]").innerHTML = told.progress;
  const count = question.closest("section")?.querySelector("[data-count]");
  if (count) count.textContent = told.count;
}

// One at a time: the next save needs the version that the one before received.
function send(question) {
  unsaved.add(question);
  underWay += 1;
  queue = queue.then(() => save(question)).finally(() => (underWay -= 1));
}

form.addEventListener("change", (event) => {
  const question = event.target.closest("[data-question]");
  if (question) send(question);
});

// Writing a value takes back « ne sait pas ».
form.addEventListener("input", ({ target }) => {
  const own = target.name.endsWith("-value") && target.closest("[data-question]").querySelector("[value=valeur]");
  if (own) own.checked = own.selected = true; // a radio button, or a line of a list
});

// In the table, Enter goes to the next line instead of sending the page.
form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !("rows" in form.dataset) || !event.target.matches("input")) return;
  event.preventDefault();
  const rows = [...form.querySelectorAll("[data-question]")];
  const next = rows[rows.indexOf(event.target.closest("[data-question]")) + 1];
  (next?.querySelector("input:not([type=hidden]), select") ?? event.target).focus();
  if (!next) event.target.blur();
});

// « À revoir »: puts a mark or takes it away; when it fails, the button sends the page as without script.
form.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-mark]");
  if (!button) return;
  event.preventDefault();
  const marked = button.getAttribute("aria-pressed") !== "true";
  const body = new FormData(form);
  body.set("marked", marked ? "1" : "0");
  const response = await fetch(button.dataset.mark, { method: "POST", body }).catch(() => null);
  if (!response?.ok || response.redirected) return form.requestSubmit(button);
  button.setAttribute("aria-pressed", marked);
  button.name = marked ? "unmark" : "mark";
});

form.addEventListener("click", async (event) => {
  const link = event.target.closest("[data-explain]");
  if (!link || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const question = link.closest("[data-question]");
  const response = await fetch(`${link.href}?fragment`).catch(() => null);
  if (!response?.ok || response.redirected) return location.assign(link.href);
  put(question, "explain");
  put(question, "explanation", await response.text());
  question.querySelector("[data-explanation]").focus();
});

// The page leaves after the answers under way, with the versions they received: nobody is in conflict with herself.
form.addEventListener("submit", async (event) => {
  if (!underWay) return unsaved.clear();
  event.preventDefault();
  if (leaving) return;
  leaving = true;
  while (underWay) await queue;
  if (leaving) form.requestSubmit(event.submitter);
  leaving = false;
});
addEventListener("online", () => unsaved.forEach(send));
addEventListener("beforeunload", (event) => unsaved.size && event.preventDefault());
