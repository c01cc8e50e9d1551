// What every page of the desk shares: asking the server, telling people, time that stays true, keys.
"use strict";

const desk = (() => {
  const words = document.querySelector('meta[name="desk-words"]').dataset;
  const locale = document.documentElement.lang;
  const say = (name, ...values) => values.reduce((text, value) => text.replace("%s", value), words[name]);

  // --- Asking the server ---

  class Refused extends Error {
    constructor(told) {
      super(told.refused);
      this.told = told;
    }
  }

  async function post(url, fields) {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) {
      for (const one of Array.isArray(value) ? value : [value]) body.append(name, one);
    }
    body.append("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
    let response;
    try {
      response = await fetch(url, { method: "POST", body, headers: { Accept: "application/json" } });
    } catch {
      throw new Refused({ refused: words.offline, code: "offline" });
    }
    const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
    if (response.redirected || !isJson) throw new Refused({ refused: words.offline, code: "offline" });
    const told = await response.json();
    if (!response.ok) throw new Refused(told);
    return told;
  }

  async function fragment(url, name) {
    const response = await fetch(url, { headers: { "X-Fragment": name } });
    if (!response.ok || response.redirected) throw new Refused({ refused: words.offline, code: "offline" });
    const holder = document.createElement("template");
    holder.innerHTML = await response.text();
    return holder.content;
  }

  // --- Telling people ---

  function toast(text, { action, onAction, stays = false } = {}) {
    const box = document.createElement("div");
    box.className = "toast";
    box.append(text);
    if (action) {
      const button = document.createElement("button");
      button.textContent = action;
      button.addEventListener("click", () => { box.remove(); onAction(); });
      box.append(button);
    }
    document.querySelector("[data-toasts]").replaceChildren(box);
    if (!stays) setTimeout(() => box.remove(), 4000);
  }

  // Over a change of page: what was done on the last one is told on the next.
  function tellNext(text) { sessionStorage.setItem("desk-told", text); }
  const told = sessionStorage.getItem("desk-told");
  if (told) {
    sessionStorage.removeItem("desk-told");
    toast(told);
  }

  function refuse(box, error) {
    box.replaceChildren(error instanceof Refused ? error.message : words.offline);
    const changes = error.told?.changes ?? [];
    if (changes.length) {
      const list = document.createElement("ul");
      for (const change of changes) list.append(Object.assign(document.createElement("li"), { textContent: change }));
      box.append(list);
    }
    box.setAttribute("role", "alert");
    box.hidden = false;
    if (!(error instanceof Refused)) console.error(error);
  }

  // --- Time ---

  const passed = new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "short" });
  const length = (value, unit) =>
    new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: 0 }).format(value);
  const exact = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
  const day = new Intl.DateTimeFormat(locale, { month: "short", day: "numeric" });
  const dayOfYear = new Intl.DateTimeFormat(locale, { month: "short", day: "numeric", year: "numeric" });

  function ago(then, now) {
    const seconds = (then - now) / 1000;
    const size = Math.abs(seconds);
    if (size < 60) return words.now;
    if (size < 3600) return passed.format(Math.trunc(seconds / 60), "minute");
    if (size < 86400) return passed.format(Math.trunc(seconds / 3600), "hour");
    if (size < 86400 * 14) return passed.format(Math.trunc(seconds / 86400), "day");
    return (then.getFullYear() === new Date(now).getFullYear() ? day : dayOfYear).format(then);
  }

  function span(milliseconds) {
    const minutes = Math.floor(Math.abs(milliseconds) / 60000);
    if (minutes < 60) return length(minutes, "minute");
    if (minutes < 60 * 24) {
      const rest = minutes % 60;
      return length(Math.floor(minutes / 60), "hour") + (rest && minutes < 600 ? ` ${length(rest, "minute")}` : "");
    }
    return length(Math.round(minutes / 1440), "day");
  }

  function tick(root = document) {
    const now = Date.now();
    for (const time of root.querySelectorAll("time[data-moment], time[data-due], time[data-exact]")) {
      const then = new Date(time.dateTime);
      time.title = exact.format(then);
      if ("exact" in time.dataset) {
        time.textContent = exact.format(then);
        continue;
      }
      if ("moment" in time.dataset) {
        time.textContent = ago(then, now);
        continue;
      }
      const left = then - now;
      time.classList.toggle("is-late", left < 0);
      time.classList.toggle("is-soon", left >= 0 && left < 30 * 60000);
      time.textContent = Math.abs(left) < 60000 ? words.dueNow : say(left < 0 ? "overdue" : "due", span(left));
    }
  }
  tick();
  setInterval(tick, 15000);

  // --- Keys ---

  const keys = new Map();
  let pending = "";

  // `keys` are what people press: a letter, or two in a row as in "g i". Never while typing.
  function on(combination, action) { keys.set(combination, action); }

  const isTyping = (target) => target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
    const combination = pending ? `${pending} ${event.key}` : event.key;
    pending = "";
    const action = keys.get(combination) ?? keys.get(event.key);
    if (action) {
      event.preventDefault();
      action(event);
    } else if ([...keys.keys()].some((known) => known.startsWith(`${event.key} `))) {
      pending = event.key;
      setTimeout(() => { pending = ""; }, 1500);
    }
  });

  // A button that does one thing; then the page shows how it is.
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button[data-post-here]");
    if (!button) return;
    try {
      const done = await post(button.dataset.postHere, {});
      tellNext(done.done);
      location.reload();
    } catch (error) {
      refuse(document.querySelector('[data-refused="here"]'), error);
    }
  });

  const go = (url) => { location.href = url; };

  // --- Answers that can still be taken back ---

  // What a page has not kept yet, before it is left for the draft.
  const keeping = [];
  const leaving = () => [...document.querySelectorAll("[data-leaving]")];

  function countDown() {
    for (const one of leaving()) {
      // By this clock alone: the server's may be another.
      one.dataset.until ??= Date.now() + Number(one.dataset.seconds) * 1000;
      const left = Math.ceil((Number(one.dataset.until) - Date.now()) / 1000);
      one.querySelector("[data-leaves]").textContent = left > 0 ? say("leavesIn", left) : words.leavesNow;
      if (left <= 0) askWhatBecame(one);
    }
  }

  async function askWhatBecame(one) {
    if (one.dataset.asking) return;
    one.dataset.asking = "yes";
    try {
      const response = await fetch(one.dataset.state, { headers: { Accept: "application/json" } });
      const became = response.ok && !response.redirected ? await response.json() : null;
      if (response.status === 404) one.remove();
      if (became && became.state !== "waiting") settle(one, became);
    } catch {
      // No connection: asked again in a moment.
    }
    setTimeout(() => { delete one.dataset.asking; }, 1000);
  }

  function settle(one, became) {
    for (const same of leaving()) if (same.dataset.leaving === one.dataset.leaving) same.remove();
    const isHeld = became.state === "held";
    toast(became.told, isHeld ? { action: words.open, onAction: () => reopen(`${became.url}#reply`), stays: true } : {});
    document.dispatchEvent(new CustomEvent("desk:left", { detail: became }));
  }

  // Where it is the page that is open, its draft is another now; the list that it was opened from stays.
  function reopen(url) {
    const there = new URL(url, location);
    if (there.pathname !== location.pathname) {
      go(url);
      return;
    }
    location.hash = there.hash;
    location.reload();
  }

  async function takeBack(one) {
    if (one.dataset.taking) return;
    one.dataset.taking = "yes";
    const composer = document.querySelector("[data-composer]");
    try {
      for (const keep of keeping) await keep();
      // What is typed from here on would be saved over what comes back.
      composer?.setAttribute("inert", "");
      const told = await post(one.dataset.takeBack, {});
      tellNext(told.done);
      reopen(told.next);
    } catch (error) {
      delete one.dataset.taking;
      composer?.removeAttribute("inert");
      toast(error.message);
      if (error.told?.code === "left_already") askWhatBecame(one);
    }
  }

  // The newest one; says whether there was any.
  function undo() {
    const all = leaving();
    const newest = all.find((one) => one.closest("[data-leaving-list]")) ?? all.at(-1);
    if (newest) takeBack(newest);
    return newest !== undefined;
  }
  document.addEventListener("click", (event) => {
    const one = event.target.closest("[data-undo]")?.closest("[data-leaving]");
    if (one) takeBack(one);
  });
  on("u", undo);
  countDown();
  setInterval(countDown, 250);
  const help = document.querySelector("[data-help]");
  const search = document.querySelector("[data-search]");
  on("?", () => help.showModal());
  on("/", () => { search.focus(); search.select(); });
  on("g i", () => go(words.inboxUrl));
  on("g m", () => go(`${words.inboxUrl}?folder=mine`));
  on("g c", () => go(words.crisisUrl));
  document.querySelector("[data-open-help]").addEventListener("click", () => help.showModal());
  search.addEventListener("keydown", (event) => { if (event.key === "Escape") search.blur(); });

  // A list walked with j and k; `items()` gives its elements as they are now.
  function walk(items) {
    let current = null;
    const choose = (item) => {
      current?.classList.remove("is-current");
      current = item;
      current?.classList.add("is-current");
      current?.scrollIntoView({ block: "nearest" });
    };
    const step = (by) => {
      const all = items();
      const at = all.indexOf(current);
      choose(all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1)] ?? null);
      // Whoever hears the page hears the row; only here, as a refresh must not take the focus from a field.
      current?.querySelector("a")?.focus({ preventScroll: true });
    };
    on("j", () => step(1));
    on("k", () => step(-1));
    return { choose, get current() { return current?.isConnected ? current : null; } };
  }

  return { post, fragment, toast, tellNext, refuse, tick, on, go, walk, undo, keeping, reopen, countDown, say, words, Refused };
})();
