// Small comforts on top of pages that work without it.

// A form is posted once: the second press of an impatient finger is refused. After ten seconds without an answer the
// reader may try again; the server holds against a repetition by itself.
const sent = new WeakSet();
const PATIENCE = 10_000;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.method !== "post" || event.defaultPrevented) return;
  if (sent.has(form)) {
    event.preventDefault();
    return;
  }
  sent.add(form);
  // Only after the browser has collected the fields: a disabled button would not be among them.
  setTimeout(() => {
    for (const button of buttons(form)) {
      if (button.disabled) continue;
      button.disabled = true;
      button.dataset.sent = "";
    }
  });
  setTimeout(() => free(form), PATIENCE);
});

// Back on this page from the next one: the browser may have kept the buttons as they were left.
addEventListener("pageshow", () => {
  for (const form of document.forms) free(form);
});

// After a refused form the summary of errors is the first thing to read.
document.querySelector(".error-summary")?.focus();

// The menu of narrow screens closes with Escape and hands the focus back.
document.addEventListener("keydown", (event) => {
  const menu = document.querySelector("details.menu[open]");
  if (event.key !== "Escape" || !menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

function free(form) {
  sent.delete(form);
  for (const button of buttons(form)) {
    if (!("sent" in button.dataset)) continue;
    button.disabled = false;
    delete button.dataset.sent;
  }
}

function buttons(form) {
  return [...form.elements].filter((element) => element instanceof HTMLButtonElement && element.type === "submit");
}

// A one-time link that only signs in needs no second press.
document.querySelector("form[data-auto-submit]")?.requestSubmit();

// A page made for paper offers to print itself; without a script the browser's own menu does.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// What was learnt or answered without a line waits in this browser for whoever did it. With the sign-out it goes, after a question.
document.querySelectorAll("form[data-unsent]").forEach((form) => form.addEventListener("submit", (event) => {
  let names = [];
  try {
    names = Object.keys(localStorage).filter((name) => /^(tien-do|bai-lam):/.test(name));
  } catch { /* a browser without a store keeps nothing */ }
  if (names.length > 0 && !confirm(form.dataset.unsent)) return event.preventDefault();
  for (const name of names) localStorage.removeItem(name);
}));

// A browser names its field for files in the language of the machine; this says it in the language of the page.
for (const input of document.querySelectorAll(".file > input")) {
  const shown = input.nextElementSibling;
  const name = shown.querySelector(".file-name");
  const none = name.textContent;
  const say = () => { name.textContent = input.files[0]?.name ?? none; };
  shown.hidden = false;
  input.addEventListener("change", say);
  // Back on the page, the browser may have kept what was chosen.
  addEventListener("pageshow", say);
}

// A sheet of paper is found years later: it says when it was printed, and from where.
addEventListener("beforeprint", () => {
  const day = { hour: "2-digit", minute: "2-digit", day: "2-digit", month: "2-digit", year: "numeric", timeZone: "Asia/Ho_Chi_Minh" };
  const line = document.createElement("p");
  line.className = "printed";
  line.textContent = `${document.querySelector("[data-printed]").dataset.printed} ${new Intl.DateTimeFormat("vi", day).format(new Date())} · ${location.href}`;
  document.querySelector("main").append(line);
});
addEventListener("afterprint", () => document.querySelectorAll(".printed").forEach((line) => line.remove()));
