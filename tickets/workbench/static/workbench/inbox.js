// The inbox: walk the list, choose several, keep it fresh without moving what is being read.
"use strict";

(() => {
  const list = document.querySelector("[data-rows]");
  const bulk = document.querySelector("[data-bulk]");
  const note = document.querySelector("[data-list-note]");
  const rows = () => [...list.querySelectorAll("[data-row]")];
  const cursor = desk.walk(rows);

  // --- Filters: choosing is applying ---
  const filters = document.querySelector("[data-filters]");
  filters.addEventListener("change", () => {
    const chosen = new URLSearchParams();
    for (const [name, value] of new FormData(filters)) if (value) chosen.append(name, value);
    desk.go(`?${chosen}`);
  });

  // --- Keeping the list under a name ---
  document.querySelector("[data-save-view]")?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target;
    try {
      const shown = Object.fromEntries(new URLSearchParams(list.dataset.query));
      const told = await desk.post(form.dataset.saveView, { ...shown, ...Object.fromEntries(new FormData(form)) });
      desk.tellNext(told.done);
      location.reload();
    } catch (error) {
      desk.refuse(form.querySelector("[data-refused]"), error);
    }
  });

  // --- Whether mentions are mailed, too ---
  document.querySelector("[data-mention-mail]")?.addEventListener("change", async ({ target }) => {
    try {
      desk.toast((await desk.post(target.dataset.mentionMail, target.checked ? { wanted: 1 } : {})).done);
    } catch (error) {
      target.checked = !target.checked;
      desk.toast(error.message);
    }
  });

  // --- Choosing several ---
  const chosen = () => [...list.querySelectorAll("input[name=ticket]:checked")].map((box) => box.value);

  function showBulk() {
    const count = chosen().length;
    bulk.hidden = count === 0;
    bulk.querySelector("[data-bulk-count]").textContent = desk.say("chosen", count);
  }
  list.addEventListener("change", showBulk);
  function chooseAll(isChosen) {
    for (const box of list.querySelectorAll("input[name=ticket]")) box.checked = isChosen;
    showBulk();
  }
  bulk.querySelector("[data-bulk-clear]").addEventListener("click", () => chooseAll(false));
  bulk.querySelector("[data-bulk-all]").addEventListener("click", () => chooseAll(true));

  async function act(tickets, action, value = "") {
    const refused = bulk.querySelector("[data-refused]");
    refused.hidden = true;
    // Fifty tickets take seconds: a second choice meanwhile would be done to those that are leaving.
    bulk.inert = true;
    for (const id of tickets) list.querySelector(`[data-row="${id}"]`)?.classList.add("is-leaving");
    try {
      const told = await desk.post(bulk.dataset.url, { ticket: tickets, action, value });
      await refresh();
      desk.toast(told.done);
      if (told.refused.length) {
        const why = told.refused.map((one) => `${one.number}: ${one.why}`);
        bulk.hidden = false;
        desk.refuse(refused, new desk.Refused({ refused: why.join("\n") }));
      }
    } catch (error) {
      bulk.hidden = false;
      desk.refuse(refused, error);
      for (const row of rows()) row.classList.remove("is-leaving");
    } finally {
      bulk.inert = false;
    }
    window.deskLive?.ask();
  }
  bulk.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-do]");
    if (button) act(chosen(), button.dataset.do, button.dataset.value);
  });
  bulk.addEventListener("change", (event) => {
    if (!event.target.dataset.do) return;
    act(chosen(), event.target.dataset.do, event.target.value);
    if (event.target.matches("select")) event.target.selectedIndex = 0;
    else event.target.value = "";
  });

  // --- Freshness ---
  async function refresh() {
    const current = cursor.current?.dataset.row;
    const marked = new Set(chosen());
    const fresh = await desk.fragment(`?${list.dataset.query}`, "rows");
    list.replaceChildren(fresh);
    for (const row of rows()) {
      if (marked.has(row.dataset.row)) row.querySelector("input[name=ticket]").checked = true;
      if (row.dataset.row === current) cursor.choose(row);
    }
    note.replaceChildren();
    showBulk();
    desk.tick(list);
  }

  // What came is looked at before it is shown: nothing moves under the hand of whoever stands in the list.
  async function look() {
    const isAtRest = !cursor.current && !chosen().length && window.scrollY <= 200;
    const fresh = await desk.fragment(`?${list.dataset.query}`, "rows");
    const old = new Map(rows().map((row) => [row.dataset.row, row]));
    const came = [...fresh.querySelectorAll("[data-row]")].filter((row) => !old.has(row.dataset.row));
    if (isAtRest) {
      await refresh();
      for (const row of came) list.querySelector(`[data-row="${row.dataset.row}"]`)?.classList.add("is-new");
      return;
    }
    for (const row of fresh.querySelectorAll("[data-row]")) {
      const known = old.get(row.dataset.row);
      if (known && known.dataset.version !== row.dataset.version) replace(known, row);
    }
    desk.tick(list);
    note.replaceChildren();
    if (!came.length) return;
    const button = Object.assign(document.createElement("button"), {
      type: "button", className: "quiet-link", textContent: `${desk.say("newRows", came.length)} · ${desk.words.show} (.)`,
    });
    button.addEventListener("click", refresh);
    note.append(button);
  }
  // In its place, with what the reader did to it.
  function replace(known, row) {
    const isChosen = known.querySelector("input[name=ticket]").checked;
    const isCurrent = cursor.current === known;
    known.replaceWith(row);
    row.querySelector("input[name=ticket]").checked = isChosen;
    if (isCurrent) cursor.choose(row);
  }
  const lookSoon = window.deskLive.gently(() => look().catch(() => {}));
  document.addEventListener("desk:count", lookSoon);
  document.addEventListener("desk:changed", (event) => {
    if (event.detail.all || event.detail.tickets.length) lookSoon();
  });

  list.addEventListener("click", async (event) => {
    const more = event.target.closest("[data-more]");
    if (more) {
      event.preventDefault();
      const next = await desk.fragment(more.getAttribute("href"), "rows");
      more.closest(".more").replaceWith(next);
      desk.tick(list);
      return;
    }
    // Anywhere on a row opens it, save on what has a click of its own.
    const row = event.target.closest("[data-row]");
    if (row && !event.target.closest("a, label, input, button, [tabindex]") && !getSelection().toString()) open(row);
  });

  // --- Keys ---
  function open(row, hash = "") {
    const link = row?.querySelector("a.row-subject");
    if (link) desk.go(link.href + hash);
  }
  const targets = () => (chosen().length ? chosen() : cursor.current ? [cursor.current.dataset.row] : []);
  const withTargets = (action, value) => () => { if (targets().length) act(targets(), action, value); };
  desk.on("Enter", () => open(cursor.current));
  desk.on("o", () => open(cursor.current));
  desk.on("r", () => open(cursor.current, "#reply"));
  desk.on("n", () => open(cursor.current, "#note"));
  desk.on("a", withTargets("take"));
  desk.on("s", withTargets("status", "solved"));
  desk.on(".", refresh);
  desk.on("X", () => chooseAll(!chosen().length));
  desk.on("x", () => {
    const box = cursor.current?.querySelector("input[name=ticket]");
    if (box) {
      box.checked = !box.checked;
      showBulk();
    }
  });
})();
