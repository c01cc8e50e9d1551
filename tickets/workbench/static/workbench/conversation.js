// One ticket: write without losing a word, act with one key, see who else is here.
"use strict";

(() => {
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
    if (!composer.contains(document.activeElement)) document.activeElement.blur();
  }
  const toEnd = () => { part("timeline").scrollTop = part("timeline").scrollHeight; };
  toEnd();

  // --- Doing ---
  const LEAVING = "leaving";
  // What this page does is shown when it is done: until then it is no news from elsewhere.
  let underway = 0;
  async function act(action, value = "", reason = "", refused = root.querySelector('[data-refused="tools"]')) {
    refused.hidden = true;
    underway += 1;
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
    } finally {
      underway -= 1;
    }
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
  async function carryOut(url, fields, refused) {
    refused.hidden = true;
    underway += 1;
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
    } finally {
      underway -= 1;
    }
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

  if (!composer) return;

  // --- Two ways to write that cannot be confused ---
  const forms = Object.fromEntries([...composer.querySelectorAll("[data-compose]")].map((form) => [form.dataset.compose, form]));
  const text = (mode) => forms[mode].elements.text;
  const refusedIn = (mode) => forms[mode].querySelector("[data-refused]");

  function choose(mode, focus = true) {
    composer.dataset.mode = mode;
    for (const [name, form] of Object.entries(forms)) form.hidden = name !== mode;
    for (const tab of composer.querySelectorAll("[data-mode-button]")) {
      tab.setAttribute("aria-selected", String(tab.dataset.modeButton === mode));
    }
    if (focus) {
      text(mode).focus();
      text(mode).setSelectionRange(text(mode).value.length, text(mode).value.length);
    }
  }
  composer.addEventListener("click", (event) => {
    const tab = event.target.closest("[data-mode-button]");
    if (tab) choose(tab.dataset.modeButton);
  });
  desk.on("r", () => choose("reply"));
  desk.on("n", () => choose("note"));

  // --- Drafts: kept at every pause, for each mode its own ---
  const state = composer.querySelector("[data-draft-state]");
  const kept = { reply: text("reply").value, note: text("note").value };
  const timers = {};

  async function keep(mode) {
    const value = text(mode).value;
    if (value === kept[mode]) return;
    try {
      await desk.post(url("draft"), { mode, text: value });
      kept[mode] = value;
      state.textContent = value ? desk.words.kept : "";
    } catch {
      state.textContent = desk.words.notKept;
      timers[mode] = setTimeout(() => keep(mode), 5000);
    }
  }
  for (const mode of ["reply", "note"]) {
    text(mode).addEventListener("input", () => {
      writing = true;
      // The first letter is told at once: two people must not write the same answer.
      if (Date.now() - writingToldAt > 10000) {
        writingToldAt = Date.now();
        reportSoon();
      }
      state.textContent = "";
      clearTimeout(timers[mode]);
      timers[mode] = setTimeout(() => keep(mode), 700);
    });
    text(mode).addEventListener("blur", () => keep(mode));
  }
  composer.keepReply = () => keep("reply");
  desk.keeping.push(() => keep("reply"), () => keep("note"));
  composer.showReply = ({ reply, then }) => {
    text("reply").value = kept.reply = reply;
    if (then) forms.reply.elements.then.value = then;
    choose("reply");
  };
  const unsent = () => ["reply", "note"].some((mode) => text(mode).value !== kept[mode]);
  window.addEventListener("beforeunload", (event) => { if (unsent()) event.preventDefault(); });

  // --- Files: kept with the draft as soon as they are chosen, dropped or pasted ---
  const files = composer.querySelector("[data-files]");
  // Not in the page: the admin's own script takes every file input there for one of its forms.
  const chooser = Object.assign(document.createElement("input"), { type: "file", multiple: true });
  let uploads = 0;

  async function attach(file) {
    const row = composer.querySelector("[data-file-template]").content.firstElementChild.cloneNode(true);
    row.querySelector("[data-file-name]").textContent = file.name;
    row.classList.add("is-busy");
    files.append(row);
    uploads += 1;
    try {
      const kept = await desk.post(`${url("draft")}files/`, { file });
      row.dataset.file = kept.file;
      row.querySelector("[data-file-name]").textContent = kept.name;
      row.querySelector("[data-file-size]").textContent = kept.size;
      row.classList.remove("is-busy");
    } catch (error) {
      row.remove();
      desk.refuse(refusedIn("reply"), error);
    }
    uploads -= 1;
  }
  // One after the other: each is measured against those before it.
  async function attachAll(chosen) {
    if (!chosen.length) return;
    choose("reply", false);
    refusedIn("reply").hidden = true;
    for (const file of chosen) await attach(file);
  }
  composer.querySelector("[data-attach]").addEventListener("click", () => chooser.click());
  chooser.addEventListener("change", async () => {
    await attachAll([...chooser.files]);
    chooser.value = "";
  });
  files.addEventListener("click", async (event) => {
    const row = event.target.closest("[data-file-remove]")?.closest("[data-file]");
    if (!row) return;
    try {
      await desk.post(`${url("draft")}files/${row.dataset.file}/remove/`, {});
      row.remove();
    } catch (error) {
      desk.refuse(refusedIn("reply"), error);
    }
  });
  forms.reply.addEventListener("dragover", (event) => {
    if (event.dataTransfer.types.includes("Files")) event.preventDefault();
  });
  forms.reply.addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    attachAll([...event.dataTransfer.files]);
  });
  text("reply").addEventListener("paste", (event) => {
    if (!event.clipboardData.files.length) return;
    event.preventDefault();
    attachAll([...event.clipboardData.files]);
  });
  const chosenFiles = () => [...files.querySelectorAll("[data-file]")].map((row) => row.dataset.file);

  // --- Sending ---
  async function send(mode) {
    const form = forms[mode];
    const button = form.querySelector("button:not([type=button])");
    if (button.disabled) return;
    if (mode === "reply" && uploads) {
      desk.toast(desk.words.uploading);
      return;
    }
    button.disabled = true;
    refusedIn(mode).hidden = true;
    clearTimeout(timers[mode]);
    const fields = Object.fromEntries(new FormData(form));
    if (mode === "reply") fields.file = chosenFiles();
    underway += 1;
    try {
      const told = await desk.post(url(mode), { ...list, ...fields, version: head().dataset.version, seen: head().dataset.seen });
      text(mode).value = kept[mode] = "";
      if (mode === "reply") files.replaceChildren();
      state.textContent = "";
      if (told.next) {
        if (told.done) desk.tellNext(told.done);
        desk.go(told.next);
        return;
      }
      await refresh();
      desk.toast(told.done);
      toEnd();
    } catch (error) {
      // The text stays where it is. After a stale save the page shows what happened, and the next try is fresh.
      if (error.told?.version !== undefined) await refresh().catch(() => {});
      desk.refuse(refusedIn(mode), error);
    } finally {
      underway -= 1;
    }
    button.disabled = false;
    if (mode === "note" || !refusedIn(mode).hidden) text(mode).focus();
  }
  composer.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-compose]");
    if (!form) return;
    event.preventDefault();
    send(form.dataset.compose);
  });
  composer.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !document.querySelector("dialog[open]")) {
      event.target.blur();
      return;
    }
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    const mode = composer.dataset.mode;
    if (!event.target.closest("textarea")) return;
    event.preventDefault();
    // A different key for each, so that no habit of the hand sends a note to a customer.
    if (mode === "reply" && event.shiftKey) desk.toast(desk.words.replyKey);
    else if (mode === "note" && !event.shiftKey) desk.toast(desk.words.noteKey);
    else send(mode);
  });

  // --- Canned replies ---
  const dialog = composer.querySelector("[data-canned]");
  const filter = dialog.querySelector("[data-canned-search]");
  const options = dialog.querySelector("[data-canned-list]");
  const preview = dialog.querySelector("[data-canned-preview]");
  let replies = null;
  let at = 0;

  async function loadCanned() {
    const language = forms.reply.elements.answer_in.value;
    if (replies?.language === language) return;
    const response = await fetch(`${dialog.dataset.url}?language=${encodeURIComponent(language)}`);
    replies = { language, all: (await response.json()).replies };
  }
  const found = () => {
    const wanted = filter.value.trim().toLowerCase();
    return replies.all.filter((one) => `${one.name} ${one.shortcut}`.toLowerCase().includes(wanted));
  };
  function showCanned() {
    const all = found();
    at = Math.min(Math.max(at, 0), Math.max(all.length - 1, 0));
    options.replaceChildren(...all.map((one, number) => {
      const item = document.createElement("li");
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", String(number === at));
      item.append(one.name, Object.assign(document.createElement("code"), { textContent: one.shortcut && `/${one.shortcut}` }));
      item.addEventListener("click", () => { insert(one.text); dialog.close(); });
      item.addEventListener("mousemove", () => { if (at !== number) { at = number; showCanned(); } });
      return item;
    }));
    preview.textContent = all[at]?.text ?? "";
    options.children[at]?.scrollIntoView({ block: "nearest" });
  }
  function insert(words, from = null) {
    const field = text("reply");
    const end = field.selectionEnd;
    field.setRangeText(words, from ?? field.selectionStart, end, "end");
    field.dispatchEvent(new Event("input"));
    field.focus();
  }
  async function openCanned() {
    choose("reply", false);
    await loadCanned();
    filter.value = "";
    at = 0;
    dialog.showModal();
    showCanned();
    filter.focus();
  }
  composer.querySelector("[data-canned-open]").addEventListener("click", openCanned);
  desk.on("c", openCanned);
  filter.addEventListener("input", () => { at = 0; showCanned(); });
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  filter.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      at += step;
      showCanned();
    } else if (event.key === "Enter") {
      event.preventDefault();
      const one = found()[at];
      if (one) {
        dialog.close();
        insert(one.text);
      }
    }
  });
  // "/look" and a blank or Tab: the wording stands there.
  text("reply").addEventListener("keydown", async (event) => {
    if (event.key !== "Tab" && event.key !== " ") return;
    const field = text("reply");
    const typed = field.value.slice(0, field.selectionStart).match(/(^|\s)\/([a-z0-9_-]+)$/i);
    if (!typed) return;
    if (event.key === "Tab") event.preventDefault();
    await loadCanned();
    const one = replies.all.find((reply) => reply.shortcut.toLowerCase() === typed[2].toLowerCase());
    if (one) {
      const from = field.value.lastIndexOf(`/${typed[2]}`, field.selectionStart);
      insert(one.text, from);
    }
  });

  if (location.hash === "#note" || (!kept.reply && kept.note)) choose("note", location.hash === "#note");
  else if (location.hash === "#reply") choose("reply");
})();
