// A test, saved as it is answered. The page is a plain form that works without this; here each answer is sent by itself, kept
// in the browser until the server has it on its disk, and what is shown as saved is saved.

const PREFIX = "bai-lam:";
const RETRY = [1000, 2000, 4000, 8000, 15_000, 30_000];
const TIMEOUT = 15_000;
// A typed answer is sent after a pause in typing.
const PAUSE = 800;
// An acknowledged answer stays in the browser a little longer: a page that was on its way meanwhile may not hold it yet.
const LINGER = 10_000;
const SPOKEN_MINUTES = [10, 5, 1];

const form = document.querySelector("form[data-attempt]");
if (form) take(form);

// On the page of the result nothing of that attempt is waiting any more.
const over = document.querySelector("[data-attempt-over]");
if (over) for (const key of storedKeys(`${PREFIX}${over.dataset.attemptOver}:`)) store(key, null);

function take(form) {
  const code = form.dataset.attempt;
  const deadline = Date.parse(form.dataset.deadline);
  const part = (name) => form.querySelector(`[data-${name}]`);
  const text = (name, value) => form.dataset[`text${name}`].replace("%", value);

  // The server's clock, as far as this page knows it.
  let ahead = Date.parse(form.dataset.now) - Date.now();
  const serverNow = () => Date.now() + ahead;

  const questions = new Map();
  for (const box of form.querySelectorAll("[data-question]")) {
    const position = Number(box.dataset.question);
    const counter = form.elements[`seq${position}`];
    questions.set(position, {
      position, box, counter,
      kind: box.dataset.kind,
      field: box.dataset.field,
      fields: [...box.querySelectorAll("input:not([type=hidden]), select")],
      saved: box.querySelector("[data-question-saved]"),
      last: "",
    });
  }

  // Answers that the server has not acknowledged, by position.
  const waiting = new Map();
  let failures = 0;
  let busy = false;
  let timer = 0;
  let stopped = false;
  let leaving = false;
  let lastSaved = "";

  // What was waiting when this page was left or reloaded, unless something newer is there already.
  forgetOld();
  for (const question of questions.values()) {
    const kept = load(storageKey(question));
    if (kept && kept.sequence > Number(question.counter.value)) {
      fill(question, kept.answer);
      question.counter.value = kept.sequence;
      waiting.set(question.position, { answer: kept.answer, sequence: kept.sequence });
      say(question, text("Sending"), "");
    } else if (kept) {
      store(storageKey(question), null);
    }
    question.last = JSON.stringify(read(question));
  }

  form.addEventListener("change", (event) => note(of(event.target)));
  form.addEventListener("input", (event) => {
    const question = of(event.target);
    if (!question || !isTyped(question)) return;
    clearTimeout(question.pause);
    question.pause = setTimeout(() => note(question), PAUSE);
  });
  // The form carries all answers itself, with their sequences.
  form.addEventListener("submit", () => {
    for (const question of questions.values()) note(question);
    leaving = true;
  });
  addEventListener("pageshow", () => { leaving = false; });
  addEventListener("online", () => { failures = 0; schedule(0); });
  addEventListener("pagehide", () => { for (const question of questions.values()) note(question); });
  addEventListener("beforeunload", (event) => { if (waiting.size > 0 && !leaving && !stopped) event.preventDefault(); });

  const spoken = new Set(SPOKEN_MINUTES.filter((minutes) => deadline - serverNow() < minutes * 60_000));
  const ticking = setInterval(tick, 1000);
  tick();
  count();
  state();
  schedule(0);

  function of(element) {
    const box = element.closest("[data-question]");
    return box ? questions.get(Number(box.dataset.question)) : null;
  }

  function storageKey(question) {
    return `${PREFIX}${code}:${question.position}`;
  }

  function forget(question, sequence) {
    if (load(storageKey(question))?.sequence === sequence) store(storageKey(question), null);
  }

  // Takes over what a question says now, if that is new.
  function note(question) {
    if (!question || stopped) return;
    clearTimeout(question.pause);
    const answer = read(question);
    const shape = JSON.stringify(answer);
    if (shape === question.last) return;
    question.last = shape;
    // The time, so that of two devices the later answer is the newer one; and never less than the one before.
    const sequence = Math.max(Number(question.counter.value) + 1, Math.round(serverNow()));
    question.counter.value = sequence;
    waiting.set(question.position, { answer, sequence });
    store(storageKey(question), { answer, sequence, deadline });
    say(question, text("Sending"), "");
    count();
    state();
    // While the line is down the answer waits with the others for the next try.
    if (failures === 0) schedule(0);
  }

  function schedule(delay) {
    clearTimeout(timer);
    timer = setTimeout(send, delay);
  }

  // Sends one answer after the other.
  async function send() {
    if (busy || stopped || waiting.size === 0) return;
    busy = true;
    const [position, sent] = waiting.entries().next().value;
    const question = questions.get(position);
    try {
      const response = await fetch(`/bai-lam/${code}/tra-loi`, {
        method: "POST",
        headers: { "content-type": "application/json", accept: "application/json", "x-csrf-token": form.dataset.csrf },
        body: JSON.stringify({ position, answer: sent.answer, sequence: sent.sequence }),
        signal: AbortSignal.timeout(TIMEOUT),
      });
      if (response.ok) acknowledge(question, sent, await response.json());
      else refuse(question, sent, response.status);
    } catch {
      // No line, no answer in time, or an answer that is none.
      retry();
    }
    busy = false;
    state();
    if (failures === 0) schedule(0);
  }

  function acknowledge(question, sent, kept) {
    if (failures > 0 && waiting.size === 1) announce(text("Saved", kept.saved));
    failures = 0;
    ahead = Date.parse(kept.now) - Date.now();
    if (kept.sequence >= sent.sequence) lastSaved = kept.saved;
    const now = waiting.get(question.position);
    if (now && now.sequence > sent.sequence) {
      // Changed while it was on its way: the newer answer is still to be sent, at the end of the line.
      waiting.delete(question.position);
      waiting.set(question.position, now);
      return;
    }
    waiting.delete(question.position);
    setTimeout(() => forget(question, sent.sequence), LINGER);
    if (kept.sequence > sent.sequence) say(question, text("Newer", kept.saved), "bad");
    else say(question, text("Saved", kept.saved), "good");
  }

  function refuse(question, sent, status) {
    if (status === 401) return halt("signed-out");
    if (status === 400 || status === 404) return halt("stale");
    if (status === 409) return end();
    if (status === 422) {
      if (waiting.get(question.position) === sent) waiting.delete(question.position);
      store(storageKey(question), null);
      return say(question, text("Refused"), "bad");
    }
    retry();
  }

  // Tries again, later each time.
  function retry() {
    if (failures === 0) announce(text("Waiting", waiting.size));
    const pause = RETRY[Math.min(failures, RETRY.length - 1)];
    failures += 1;
    for (const position of waiting.keys()) say(questions.get(position), text("Unsent"), "bad");
    schedule(pause + Math.random() * 500);
  }

  // Nothing more can be sent from this page; what waits is kept.
  function halt(which) {
    stopped = true;
    const notice = part(which);
    notice.hidden = false;
    notice.scrollIntoView({ block: "center" });
    announce(notice.textContent.trim());
  }

  // The time is over, or the test was handed in elsewhere.
  function end() {
    if (stopped) return;
    for (const question of questions.values()) note(question);
    stopped = true;
    clearInterval(ticking);
    clearTimeout(timer);
    const said = waiting.size > 0 ? text("Lost", waiting.size) : text("Over");
    part("over-text").textContent = said;
    part("over").hidden = false;
    announce(said);
    for (const field of form.querySelectorAll("input, select, button")) field.disabled = true;
    part("timer").textContent = text("Left", "00:00");
    state();
    part("over").scrollIntoView({ block: "center" });
    // By then the server has handed it in.
    if (waiting.size === 0) setTimeout(() => location.replace(`/bai-lam/${code}/ket-qua`), 7000);
  }

  function tick() {
    const left = deadline - serverNow();
    // What is being typed leaves in time.
    if (left < 4000) for (const question of questions.values()) note(question);
    if (left <= 0) return end();
    const seconds = Math.ceil(left / 1000);
    part("timer").textContent = text("Left", span(seconds));
    part("timer").classList.toggle("timer-late", seconds <= 60);
    for (const minutes of SPOKEN_MINUTES) {
      if (seconds > minutes * 60 || spoken.has(minutes)) continue;
      spoken.add(minutes);
      announce(text("Minutes", minutes));
    }
  }

  // How many questions have an answer, in words and in the list.
  function count() {
    let answered = 0;
    for (const question of questions.values()) {
      const given = isGiven(read(question));
      answered += given ? 1 : 0;
      const link = form.querySelector(`[data-map="${question.position}"]`);
      link.classList.toggle("answered", given);
      link.querySelector("[data-map-state]").hidden = !given;
    }
    part("answered").textContent = text("Answered", answered);
  }

  // The truth about the whole test.
  function state() {
    const shown = part("saved");
    if (waiting.size > 0) show(shown, text("Waiting", waiting.size), failures > 0 || stopped ? "bad" : "");
    else if (lastSaved) show(shown, text("Saved", lastSaved), "good");
  }

  function say(question, words, mood) {
    show(question.saved, words, mood);
  }

  function announce(words) {
    part("announce").textContent = words;
  }
}

function show(element, words, mood) {
  element.textContent = words;
  element.classList.toggle("saved-good", mood === "good");
  element.classList.toggle("saved-bad", mood === "bad");
}

function isTyped(question) {
  return question.kind === "short" || question.kind === "numeric";
}

// The answer as the server reads it.
function read({ kind, field, fields }) {
  const chosen = fields.filter((one) => one.checked).map((one) => one.value);
  switch (kind) {
    case "single":
      return chosen.length > 0 ? { type: "choice", option: chosen[0] } : { type: "empty" };
    case "true_false":
      return chosen.length > 0 ? { type: "true_false", value: chosen[0] === "true" } : { type: "empty" };
    case "multiple":
      return chosen.length > 0 ? { type: "choices", options: chosen.sort() } : { type: "empty" };
    case "matching": {
      const pairs = fields.filter((one) => one.value).map((one) => [one.name.slice(field.length + 1), one.value]);
      return pairs.length > 0 ? { type: "matching", pairs: Object.fromEntries(pairs) } : { type: "empty" };
    }
    default: {
      const typed = fields[0].value.trim().normalize("NFC");
      return typed ? { type: kind === "numeric" ? "number" : "text", text: typed } : { type: "empty" };
    }
  }
}

// Puts an answer back into its fields.
function fill({ field, fields }, answer) {
  const chosen = answer.options ?? (answer.type === "true_false" ? [String(answer.value)] : [answer.option]);
  for (const one of fields) {
    if (one.type === "radio" || one.type === "checkbox") one.checked = chosen.includes(one.value);
    else if (one instanceof HTMLSelectElement) one.value = answer.pairs?.[one.name.slice(field.length + 1)] ?? "";
    else one.value = answer.text ?? "";
  }
}

function isGiven(answer) {
  return answer.type !== "empty";
}

// 90 seconds are 01:30, an hour and a second 1:00:01.
function span(seconds) {
  const two = (number) => String(number).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return `${hours > 0 ? `${hours}:` : ""}${two(minutes)}:${two(seconds % 60)}`;
}

// The store of the browser may be full or forbidden: then an answer waits only in this page.
function store(key, value) {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
  } catch { /* as said */ }
}

function load(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function storedKeys(prefix) {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  } catch {
    return [];
  }
}

// What waited for tests that are long over.
function forgetOld() {
  for (const key of storedKeys(PREFIX)) {
    const kept = load(key);
    if (!kept || !(kept.deadline > Date.now() - 86_400_000)) store(key, null);
  }
}
