// One ticket: show what is new, act with one key, see who else is here. What is written is composer.js.
"use strict";

const conversation = (() => {
  const root = document.querySelector("[data-conversation]");
  const part = (name) => root.querySelector(`[data-part="${name}"]`);
  const composer = root.querySelector("[data-composer]");
  const head = () => root.querySelector("[data-version]");
  const url = (name) => root.dataset.base + name + "/";
  // The list this ticket was opened from goes with every request, so that "next" is next in it.
  const list = Object.fromEntries(new URLSearchParams(root.dataset.query));

  // --- Showing what is new ---
  async function refresh() {
    const fresh = await desk.fragment(root.dataset.url, "conversation");
    const timeline = part("timeline");
    const here = root.querySelector("[data-here]").textContent;
    const wasAtEnd = timeline.scrollHeight - timeline.scrollTop - timeline.clientHeight < 80;
    for (const name of ["head", "timeline", "side"]) {
      const now = part(name);
      const next = fresh.querySelector(`[data-part="${name}"]`);
      if (!isInUse(now)) {
        now.replaceChildren(...next.childNodes);
      } else if (name === "head") {
        // A reason half written stays; what a save compares with is as fresh as what is shown below it.
        Object.assign(head().dataset, next.querySelector("[data-version]").dataset);
      }
    }
    root.querySelector("[data-here]").textContent = here;
    desk.tick(root);
    desk.countDown();
    if (wasAtEnd) toEnd();
    window.deskLive?.ask();
    root.dispatchEvent(new Event("refreshed"));
  }
  const isInUse = (piece) =>
    piece.querySelector("details.popover[open]") !== null ||
    (piece.contains(document.activeElement) && document.activeElement.matches("input, select"));
  // What was done is no longer in use: its popover closes, its field gives way to what is true now.
  function release(refused) {
    refused.closest("details.popover")?.removeAttribute("open");
    if (!composer?.contains(document.activeElement)) document.activeElement.blur();
  }
  const toEnd = () => { part("timeline").scrollTop = part("timeline").scrollHeight; };
  toEnd();

  // --- Doing ---
  const LEAVING = "leaving";
  // What this page does is shown when it is done: until then it is no news from elsewhere.
  let underway = 0;
  async function undisturbed(action) {
    underway += 1;
    try {
      return await action();
    } finally {
      underway -= 1;
    }
  }
  function act(action, value = "", reason = "", refused = root.querySelector('[data-refused="tools"]')) {
    refused.hidden = true;
    return undisturbed(async () => {
      try {
        // What a macro prepares is put under what was typed, also in the last second.
        if (action === "macro") await composer?.keepReply();
        const told = await desk.post(url("change"), { ...list, action, value, reason });
        if (told.next) {
          desk.tellNext(told.done);
          desk.go(told.next);
          return LEAVING;
        }
        release(action === "macro" ? root.querySelector("[data-macros] .macros") : refused);
        await refresh();
        desk.toast(told.done);
        if (told.draft?.reply) composer?.showReply(told.draft);
      } catch (error) {
        if (error.told?.code !== "offline") await refresh().catch(() => {});
        const place = refused.isConnected ? refused : root.querySelector('[data-refused="tools"]');
        desk.refuse(place, error);
      }
    });
  }
  root.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-act]");
    if (button) once(button, () => act(button.dataset.act, button.dataset.value));
  });
  root.addEventListener("change", (event) => {
    const select = event.target.closest("select[data-act]");
    if (select) act(select.dataset.act, (select.dataset.prefix ?? "") + select.value);
  });
  root.addEventListener("submit", async (event) => {
    const form = event.target.closest("[data-act-form]");
    if (!form) return;
    event.preventDefault();
    await once(form.querySelector("button"), () => {
      const fields = Object.fromEntries(new FormData(form));
      return act(form.dataset.actForm, fields.value, fields.reason, form.querySelector("[data-refused]") ?? undefined);
    });
  });
  // Whoever clicks twice means it once, also while the next page is on its way. The form for a tag has no button.
  async function once(button, action) {
    if (button) button.disabled = true;
    const end = await action();
    if (button && end !== LEAVING) button.disabled = false;
  }
  // Back in a page that the browser kept: its buttons are as they were left, and the ticket may not be.
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  // What has an address of its own: joining and parting tickets, sending again.
  function carryOut(url, fields, refused) {
    refused.hidden = true;
    return undisturbed(async () => {
      try {
        const told = await desk.post(url, fields);
        if (told.next) {
          desk.tellNext(told.done);
          desk.go(told.next);
          return LEAVING;
        }
        release(refused);
        await refresh();
        desk.toast(told.done);
      } catch (error) {
        desk.refuse(refused, error);
      }
    });
  }
  root.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-post]");
    if (!form) return;
    event.preventDefault();
    // All values of a name: of several messages to split off, the last would be sent alone.
    const fields = new FormData(form);
    const all = Object.fromEntries([...fields.keys()].map((name) => [name, fields.getAll(name)]));
    once(form.querySelector("button"), () => carryOut(form.dataset.post, all, form.querySelector("[data-refused]")));
  });
  root.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-post]");
    if (!button) return;
    once(button, () => carryOut(button.dataset.post, {}, root.querySelector('[data-refused="tools"]')));
  });
  root.addEventListener("toggle", (event) => {
    const details = event.target;
    if (details.open && details.dataset.original && !details.querySelector("iframe")) {
      const frame = document.createElement("iframe");
      frame.sandbox = "allow-popups allow-popups-to-escape-sandbox";
      frame.src = details.dataset.original;
      details.append(frame);
    }
    if (details.open) details.querySelector("input, select, .popover-body button")?.focus();
  }, true);

  // Escape leaves a popover, and the keys of the page work again.
  root.addEventListener("keydown", (event) => {
    const popover = event.target.closest("details.popover[open]");
    if (event.key !== "Escape" || !popover) return;
    popover.removeAttribute("open");
    document.activeElement.blur();
  });

  // In the open list of macros a digit chooses, also before the list has the focus: two keys are faster than a page.
  document.addEventListener("keydown", (event) => {
    const list = root.querySelector("[data-macros][open]");
    if (!list || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select, textarea")) return;
    list.querySelector(`[data-digit="${CSS.escape(event.key)}"]`)?.click();
  });

  async function goNext() {
    const link = root.querySelector("[data-next]");
    const response = await fetch(link.href);
    if (response.ok) desk.go((await response.json()).next);
  }
  root.addEventListener("click", (event) => {
    if (!event.target.closest("[data-next]")) return;
    event.preventDefault();
    goNext();
  });

  const press = (key) => () => root.querySelector(`[data-key="${key}"]`)?.click();
  desk.on("a", press("a"));
  desk.on("s", press("s"));
  desk.on("y", press("y"));
  desk.on("e", press("e"));
  desk.on("z", press("z"));
  desk.on("f", press("f"));
  desk.on("m", press("m"));
  desk.on("j", goNext);
  desk.on("u", () => { if (!desk.undo()) desk.go(root.dataset.list); });
  document.addEventListener("desk:left", async (event) => {
    const { ticket, state, url } = event.detail;
    if (ticket !== root.dataset.ticket) return;
    if (state !== "held") {
      await refresh();
      return;
    }
    // What was held back comes into the draft when the page is loaded, under what is typed by then.
    for (const keep of desk.keeping) await keep();
    desk.reopen(`${url}#reply`);
  });

  // --- Who else is here, and what they do ---
  let writing = false;
  let writingToldAt = 0;
  async function report() {
    if (document.hidden) return;
    const here = () => root.querySelector("[data-here]");
    try {
      const told = await desk.post(url("presence"), writing ? { writing: 1 } : {});
      writing = false;
      if (!underway && told.seen > Number(head().dataset.seen)) {
        // What is being written stays; only what is shown above it changes.
        await refresh();
        desk.toast(desk.words.changed);
      }
      here().textContent = told.here.map((one) => desk.say(one.writing ? "writing" : "here", one.name)).join(" · ");
    } catch {
      here().textContent = "";
    }
  }
  const reportSoon = window.deskLive.gently(report);
  // The first letter is told at once: two people must not write the same answer.
  function typing() {
    writing = true;
    if (Date.now() - writingToldAt <= 10000) return;
    writingToldAt = Date.now();
    reportSoon();
  }
  const refreshSoon = window.deskLive.gently(() => refresh().catch(() => {}));
  document.addEventListener("desk:changed", (event) => {
    const told = event.detail;
    const ours = told.tickets.find((one) => one.ticket === root.dataset.ticket);
    // An answer waits, or was taken back: no event, and yet to be seen.
    if (ours?.kinds.includes("leaving")) refreshSoon();
    if (told.all || (ours && (ours.event > Number(head().dataset.seen) || (ours.kinds.includes("presence") && !ours.is_mine)))) reportSoon();
  });
  report();
  setInterval(report, 15000);
  window.addEventListener("pagehide", () => {
    const leaving = new FormData();
    leaving.append("leaving", "1");
    leaving.append("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
    navigator.sendBeacon(url("presence"), leaving);
  });

  return { root, composer, url, list, head, refresh, toEnd, undisturbed, typing };
})();
