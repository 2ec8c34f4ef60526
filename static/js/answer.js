// Saves each answer as soon as it is given. Without it, the buttons of the page do the same.
const form = document.querySelector("[data-answers]");
const unsaved = new Set();
let queue = Promise.resolve();

function say(question, text) {
  question.querySelector("[data-status]").textContent = text;
}

function put(question, name, html) {
  question.querySelector(`[data-${name}]`)?.remove();
  if (html) question.insertAdjacentHTML("beforeend", html);
}

async function save(question) {
  say(question, "Enregistrement…");
  let response, told;
  try {
    response = await fetch(question.dataset.question, { method: "POST", body: new FormData(form) });
  } catch {
    say(question, "Pas de connexion : cette réponse partira à son retour.");
    return;
  }
  unsaved.delete(question);
  try {
    told = await response.json();
  } catch {
    unsaved.add(question);
    say(question, response.redirected ? "Votre session est terminée : " : "Pas enregistré. Rechargez la page et réessayez.");
    if (response.redirected) {
      const link = document.createElement("a");
      link.href = form.dataset.login;
      link.textContent = "reconnectez-vous, les réponses enregistrées sont gardées.";
      question.querySelector("[data-status]").append(link);
      unsaved.clear();
    }
    return;
  }
  if (told.version) question.querySelector("[data-version]").value = told.version;
  put(question, "conflict", told.conflict);
  if (!response.ok) {
    say(question, told.error || "");
    return;
  }
  if (told.reload) return location.reload();
  say(question, "Enregistré");
  put(question, "explain");
  put(question, "explanation", told.explanation);
  document.querySelector("[data-progress]").innerHTML = told.progress;
}

// One at a time: the next save needs the version that the one before received.
function send(question) {
  unsaved.add(question);
  queue = queue.then(() => save(question));
}

form?.addEventListener("change", (event) => {
  const question = event.target.closest("[data-question]");
  if (question) send(question);
});

// Writing a value takes back « ne sait pas ».
form?.addEventListener("input", (event) => {
  const typed = event.target.name?.endsWith("-value") && event.target.closest("[data-question]").querySelector("[value=valeur]");
  if (typed) typed.checked = true;
});

form?.addEventListener("click", async (event) => {
  const link = event.target.closest("[data-explain]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const question = link.closest("[data-question]");
  const response = await fetch(`${link.href}?fragment`).catch(() => null);
  if (!response?.ok || response.redirected) return location.assign(link.href);
  link.remove();
  put(question, "explanation", await response.text());
  question.querySelector("[data-explanation]").focus();
});

form?.addEventListener("submit", () => unsaved.clear());
addEventListener("online", () => unsaved.forEach(send));
addEventListener("beforeunload", (event) => unsaved.size && event.preventDefault());
