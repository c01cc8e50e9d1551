// On every page of the admin: the counts in the navigation stay true.
"use strict";

(() => {
  const EVERY_MS = 10000;
  const words = document.querySelector('meta[name="desk-words"]');

  function show(counts) {
    for (const badge of document.querySelectorAll("[data-count]")) {
      const now = counts[badge.dataset.count] ?? "";
      if (badge.textContent.trim() === now) continue;
      badge.textContent = now;
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

  async function ask() {
    if (!document.querySelector("[data-count]")) return;
    try {
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

  window.deskLive = { ask };
  setInterval(ask, EVERY_MS);
  document.addEventListener("visibilitychange", ask);
})();
