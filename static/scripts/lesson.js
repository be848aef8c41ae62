// The learner's pages: what is done is kept in the browser until the server has it on its disk, and reading time is told to the
// server while somebody reads. Every form here works without this script; what is shown as unsent is unsent.

const PREFIX = "tien-do:";
const RETRY = [2000, 4000, 8000, 15_000, 30_000, 60_000];
const TIMEOUT = 15_000;
// What a page that is being left may still send is limited.
const PART = 20;
const BEAT = 20_000;
// A beat of less says nothing worth a request.
const LEAST = 5000;
// Somebody who neither scrolls nor moves nor types for so long is not at the page.
const IDLE = 120_000;
const SIGNS = ["scroll", "keydown", "pointerdown", "pointermove", "touchstart", "wheel"];

const box = document.querySelector("[data-queue]");
if (box) begin(box);

function begin(box) {
  const [owner, run] = [box.dataset.queue, box.dataset.run];
  // The token of any form of the page.
  const csrf = document.querySelector("input[name=_csrf]").value;
  const part = (name) => box.querySelector(`[data-queue-${name}]`);
  const text = (name, value) => box.dataset[`text${name}`].replace("%", value);
  let ahead = Date.parse(box.dataset.now) - Date.now();
  const serverNow = () => new Date(Date.now() + ahead).toISOString();

  // What the browser's store would not take waits in this page alone.
  const memory = new Map();
  let failures = 0;
  let timer = 0;
  let busy = null;
  let halted = "";
  let sent = 0;
  const refused = [];
  const results = new Map();
  // What forms of this page wait for is told beside them, by the ids of their items.
  const watched = new Map();
  const unsent = new Map();

  const key = (of) => `${PREFIX}${owner}:${of}`;
  const load = (of) => memory.get(of) ?? parse(key(of));
  function save(of, items) {
    memory.delete(of);
    if (!store(key(of), items.length > 0 ? items : null)) memory.set(of, items);
  }
  const runs = () => [...new Set([...memory.keys(), ...stored(key("")).map((name) => name.slice(key("").length))])];
  // Reading time is sent along, and is nobody's task.
  const tasks = (of) => (of ? load(of) : runs().flatMap(load)).filter((item) => item.kind !== "time").length;

  addEventListener("online", () => { failures = 0; flush(); });
  addEventListener("beforeunload", (event) => { if ([...memory.values()].flat().length > 0) event.preventDefault(); });
  part("drop").querySelector("button").addEventListener("click", () => {
    save(halted.slice("gone:".length), []);
    halted = "";
    flush();
  });

  const clock = reading();
  for (const form of document.querySelectorAll("form[data-item], form[data-done]")) take(form);
  flush();

  // Sends a form as an item. An empty answer takes the plain way: the server says what is missing.
  function take(form) {
    form.addEventListener("submit", async (event) => {
      const fields = [...new FormData(form)].filter(([name, value]) => name !== "_csrf" && String(value).trim());
      if (form.dataset.item && fields.length === 0) return;
      event.preventDefault();
      if (form.dataset.busy) return;
      form.dataset.busy = "1";
      clock.settle();
      const lesson = document.querySelector("[data-lesson]").dataset.lesson;
      const what = form.dataset.item ? { kind: "answer", item: form.dataset.item, fields } : { kind: "done" };
      const same = (item) => item.kind === what.kind && item.lesson === lesson && item.item === what.item;
      const item = { id: newId(), given: serverNow(), lesson, ...what };
      // The later answer takes the place of one that still waits.
      save(run, [...load(run).filter((waiting) => !same(waiting)), item]);
      const said = form.querySelector("[data-said]") ?? form.appendChild(document.createElement("p"));
      said.dataset.said = "";
      said.className = "saved";
      said.setAttribute("role", "status");
      said.textContent = text("Sending");
      watched.set(item.id, said);
      await flush();
      // It may have come too late for what was on its way already.
      if (!results.has(item.id) && failures === 0 && !halted) await flush();
      const result = results.get(item.id);
      watched.delete(item.id);
      delete form.dataset.busy;
      if (result?.go) return follow(result.go);
      said.classList.add("saved-bad");
      said.textContent = result?.text ?? text(memory.has(run) ? "Memory" : "Here");
      if (!result) unsent.set(item.id, said);
    });
  }

  // Sends everything that waits, class by class; one at a time in this page. Two pages may send the same: the server applies it once.
  function flush() {
    clearTimeout(timer);
    busy ??= sendAll().finally(() => {
      busy = null;
      show();
    });
    return busy;
  }

  async function sendAll() {
    if (halted && !halted.startsWith("gone:")) halted = "";
    // What the server could not apply by a fault of its own waits for the next time, and nothing waits for it.
    const later = new Set();
    const next = (of) => load(of).filter((item) => !later.has(item.id)).slice(0, PART);
    for (const of of runs()) {
      while (next(of).length > 0 && halted !== `gone:${of}`) {
        if (await sendPart(of, next(of), later)) continue;
        if (halted === `gone:${of}`) break;
        return;
      }
    }
    if (later.size > 0) again();
    else failures = 0;
  }

  function again() {
    timer = setTimeout(flush, RETRY[Math.min(failures, RETRY.length - 1)]);
    failures += 1;
  }

  // True when it may go on.
  async function sendPart(of, items, later) {
    let response;
    try {
      response = await post(`/lop/${of}/tien-do`, { items });
      if (response.ok) {
        const answer = await response.json();
        ahead = Date.parse(answer.now) - Date.now();
        const failed = answer.results.filter((result) => result.outcome === "failed").map((result) => result.id);
        for (const id of failed) later.add(id);
        acknowledge(of, items, answer.results.filter((result) => !later.has(result.id)));
        return true;
      }
    } catch {
      // No line, no answer in time, or an answer that is none.
    }
    if (response?.status === 401) halted = "signed-out";
    else if (response?.status === 404) halted = `gone:${of}`;
    else if ([400, 413, 422].includes(response?.status)) halted = "stale";
    else again();
    return false;
  }

  function acknowledge(of, items, answers) {
    const done = new Set(answers.map((answer) => answer.id));
    save(of, load(of).filter((item) => !done.has(item.id)));
    for (const answer of answers) {
      results.set(answer.id, answer);
      const item = items.find((one) => one.id === answer.id);
      if (item?.kind === "time" || watched.has(answer.id)) continue;
      if (unsent.has(answer.id)) unsent.get(answer.id).textContent = answer.text ?? "";
      if (answer.outcome === "refused") refused.push(answer.text);
      else sent += 1;
    }
  }

  // The truth about what waits.
  function show() {
    const count = tasks();
    const gone = halted.startsWith("gone:") ? halted.slice("gone:".length) : "";
    if (gone && tasks(gone) === 0) save(gone, []);
    let said = "";
    if (gone && tasks(gone) > 0) said = text("Gone", tasks(gone)).replace("#", gone);
    else if (count === 0 && refused.length === 0 && sent === 0) said = "";
    else if (halted === "signed-out") said = text("SignedOut", count);
    else if (halted === "stale") said = text("Stale", count);
    else if (count > 0) said = text("Waiting", count);
    else if (refused.length > 0) said = text("Refused");
    else if (sent > 0) said = text("Sent", sent);
    if (part("text").textContent !== said) part("text").textContent = said;
    box.hidden = said === "";
    box.classList.toggle("notice-warn", count > 0 || refused.length > 0);
    box.classList.toggle("notice-good", count === 0 && refused.length === 0);
    part("refused").replaceChildren(...refused.map((why) => Object.assign(document.createElement("li"), { textContent: why })));
    part("refused").hidden = refused.length === 0;
    part("sign-in").hidden = halted !== "signed-out" || count === 0;
    part("sign-in").firstElementChild.href = `/dang-nhap?tiep=${encodeURIComponent(location.pathname)}`;
    part("reload").hidden = !(halted === "stale" || (said && count === 0 && sent > 0));
    part("drop").hidden = gone === "" || tasks(gone) === 0;
  }

  // Counts how long the page is visible and in use, and tells the server about every twenty seconds.
  function reading() {
    const lesson = document.querySelector("[data-lesson][data-counts]")?.dataset.lesson;
    if (!lesson) return { settle() {} };
    let counted = 0;
    let looked = performance.now();
    let moved = looked;
    let stopped = false;
    for (const sign of SIGNS) addEventListener(sign, () => { moved = performance.now(); }, { passive: true });
    setInterval(look, 1000);
    document.addEventListener("visibilitychange", () => {
      look();
      if (document.visibilityState === "visible") moved = performance.now();
      else if (counted >= LEAST) beat();
    });
    addEventListener("pagehide", () => { look(); if (counted >= LEAST) beat(); });
    return { settle };

    function look() {
      const now = performance.now();
      const visible = document.visibilityState === "visible" && now - moved < IDLE;
      // A machine that slept was not read from.
      if (visible) counted += Math.min(now - looked, 5000);
      looked = now;
      if (counted >= BEAT) beat();
    }

    function seconds() {
      const whole = Math.floor(counted / 1000);
      counted -= whole * 1000;
      return whole;
    }

    async function beat() {
      const passed = seconds();
      if (stopped || passed < 1) return;
      try {
        const response = await post(`/lop/${run}/hoc/${lesson}/nhip`, { seconds: Math.min(passed, 30), at: serverNow() });
        if (response.ok) ahead = Date.parse((await response.json()).now) - Date.now();
        else if (response.status >= 500) later(passed);
        // Too fast is another page of the same class; all else says that nothing is counted here any more.
        else if (![422, 429].includes(response.status)) stopped = true;
      } catch {
        later(passed);
      }
    }

    // Without a line the time waits with the rest.
    function later(passed) {
      const items = load(run);
      const last = items.findLast((item) => item.kind === "time" && item.lesson === lesson);
      if (last && !busy) last.seconds += passed;
      else items.push({ id: newId(), kind: "time", lesson, given: serverNow(), seconds: passed });
      save(run, items);
      flush();
    }

    // Before something is sent: what was read until now goes first.
    function settle() {
      look();
      const passed = stopped ? 0 : seconds();
      if (passed > 0) save(run, [...load(run), { id: newId(), kind: "time", lesson, given: serverNow(), seconds: passed }]);
    }
  }

  function post(path, body) {
    return fetch(path, {
      method: "POST",
      keepalive: true,
      headers: { "content-type": "application/json", accept: "application/json", "x-csrf-token": csrf },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT),
    });
  }
}

// To the next page, or to this one anew.
function follow(to) {
  const target = new URL(to, location.href);
  if (target.pathname + target.search !== location.pathname + location.search) return location.assign(target);
  location.hash = target.hash;
  location.reload();
}

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// The store of the browser may be full or forbidden; whether it took it.
function store(name, value) {
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, JSON.stringify(value));
    return true;
  } catch {
    return value === null;
  }
}

function parse(name) {
  try {
    return JSON.parse(localStorage.getItem(name)) ?? [];
  } catch {
    return [];
  }
}

function stored(prefix) {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(prefix));
  } catch {
    return [];
  }
}
