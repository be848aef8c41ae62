// Small comforts on top of pages that work without it.

// A form is sent once: the second press of an impatient finger is refused until the answer is there.
const sent = new WeakSet();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || event.defaultPrevented) return;
  if (sent.has(form)) {
    event.preventDefault();
    return;
  }
  sent.add(form);
  // Only after the browser has collected the fields: a disabled button would not be among them.
  setTimeout(() => {
    for (const button of buttons(form)) {
      button.disabled = true;
      button.dataset.sent = "";
    }
  });
});

// Back from another page (or from a download that left this page standing), the buttons are alive again.
addEventListener("pageshow", () => {
  for (const form of document.forms) {
    sent.delete(form);
    for (const button of buttons(form)) {
      if ("sent" in button.dataset) {
        button.disabled = false;
        delete button.dataset.sent;
      }
    }
  }
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

function buttons(form) {
  return [...form.elements].filter((element) => element instanceof HTMLButtonElement && element.type === "submit");
}
