// On every page of the admin: what changes elsewhere shows here at once, or after some seconds without a stream.
"use strict";

(() => {
  const POLL_MS = 10000;
  // With a stream nothing needs asking; this finds what a lost note would have told.
  const POLL_WHILE_TOLD_MS = 60000;
  const AGAIN_MS = 60000;
  // A burst of changes asks once; whoever watches a busy desk asks no more often than that.
  const GATHER_MS = 400;
  const LEAST_MS = 2000;
  const isWanted = () => document.querySelector("[data-count]") !== null;

  // --- Counts in the navigation ---

  // For screen readers. The theme loads this script before there is a page.
  document.addEventListener("DOMContentLoaded", () => {
    // The queue's name and its new number are said as one.
    for (const badge of document.querySelectorAll('[data-count="unacknowledged"]')) {
      const link = badge.closest("a");
      link?.setAttribute("aria-live", "polite");
      link?.setAttribute("aria-atomic", "true");
    }
    // Icons are words of a font; those of the theme's own navigation would be read out.
    for (const icon of document.querySelectorAll(".material-symbols-outlined:not([role])")) {
      icon.setAttribute("aria-hidden", "true");
    }
  });

  function show(counts) {
    for (const badge of document.querySelectorAll("[data-count]")) {
      const now = counts[badge.dataset.count] || (badge.dataset.zero ?? "");
      if (badge.textContent.trim() === now) continue;
      badge.textContent = now;
      badge.classList.toggle("is-zero", !counts[badge.dataset.count]);
      badge.classList.remove("is-new");
      void badge.offsetWidth; // restarts the animation
      badge.classList.add("is-new");
      document.dispatchEvent(new CustomEvent("desk:count", { detail: badge.dataset.count }));
    }
  }

  // A tab in the background says in its title how many urgent tickets nobody took.
  const title = document.title;
  function call(waiting) {
    document.title = waiting ? `(${waiting}!) ${title.trim()}` : title;
  }

  let askedAt = 0;
  async function ask() {
    if (!isWanted()) return;
    askedAt = Date.now();
    try {
      const words = document.querySelector('meta[name="desk-words"]');
      const url = words?.dataset.countsUrl ?? "/admin/desk/counts/";
      const response = await fetch(url, { headers: { Accept: "application/json" } });
      if (!response.ok || response.redirected) return;
      const { counts } = await response.json();
      show(counts);
      call(counts.unacknowledged);
    } catch {
      // No connection: the next round asks again.
    }
  }

  // Calls `action` soon, once for many wishes, and never more often than every LEAST_MS.
  function gently(action) {
    let timer = null;
    let last = 0;
    return () => {
      timer ??= setTimeout(() => {
        timer = null;
        last = Date.now();
        action();
      }, Math.max(GATHER_MS, last + LEAST_MS - Date.now()));
    };
  }
  const askSoon = gently(ask);

  // --- The stream: only while somebody looks, for browsers open few connections to one host ---

  let source = null;
  let againAt = 0;
  const isTold = () => source !== null && source.readyState === EventSource.OPEN;
  const dispatch = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));

  function listen() {
    if (source || document.hidden || !isWanted() || Date.now() < againAt) return;
    const ticket = document.querySelector("[data-ticket]")?.dataset.ticket;
    source = new EventSource(`/live/desk/${ticket ? `?ticket=${ticket}` : ""}`);
    source.addEventListener("ready", () => {
      // Between loading the page and now something may have happened.
      askSoon();
      dispatch("desk:changed", { all: true, tickets: [] });
    });
    source.addEventListener("changed", (event) => {
      const told = JSON.parse(event.data);
      if (told.all || told.tickets.some((one) => one.kinds.some((kind) => kind !== "presence"))) askSoon();
      dispatch("desk:changed", told);
    });
    source.addEventListener("away", rest);
    source.addEventListener("error", () => { if (source?.readyState === EventSource.CLOSED) rest(); });
  }
  // No stream to be had now: the page asks by itself, and tries again in a while.
  function rest() {
    hush();
    againAt = Date.now() + AGAIN_MS;
  }
  function hush() {
    source?.close();
    source = null;
  }

  window.deskLive = { ask, gently, get isTold() { return isTold(); } };
  document.addEventListener("DOMContentLoaded", listen);
  setInterval(() => {
    listen();
    if (!isTold() || Date.now() - askedAt >= POLL_WHILE_TOLD_MS) ask();
  }, POLL_MS);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      hush();
    } else {
      listen();
      ask();
    }
  });
  window.addEventListener("pagehide", hush);
  window.addEventListener("pageshow", (event) => { if (event.persisted) listen(); });
})();
