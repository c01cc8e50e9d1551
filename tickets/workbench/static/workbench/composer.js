// Answers and notes: write without losing a word, with files and canned replies, and send.
"use strict";

(() => {
  const { composer, url, list, head, refresh, toEnd, undisturbed, typing } = conversation;
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
      typing();
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
    const button = forms[mode].querySelector("button:not([type=button])");
    if (button.disabled) return;
    if (mode === "reply" && uploads) {
      desk.toast(desk.words.uploading);
      return;
    }
    button.disabled = true;
    refusedIn(mode).hidden = true;
    clearTimeout(timers[mode]);
    const isLeaving = await undisturbed(() => deliver(mode));
    if (isLeaving) return;
    button.disabled = false;
    if (mode === "note" || !refusedIn(mode).hidden) text(mode).focus();
  }
  // Says whether the page is on its way to the next ticket.
  async function deliver(mode) {
    const fields = Object.fromEntries(new FormData(forms[mode]));
    if (mode === "reply") fields.file = chosenFiles();
    try {
      const told = await desk.post(url(mode), { ...list, ...fields, version: head().dataset.version, seen: head().dataset.seen });
      text(mode).value = kept[mode] = "";
      if (mode === "reply") files.replaceChildren();
      state.textContent = "";
      if (told.next) {
        if (told.done) desk.tellNext(told.done);
        desk.go(told.next);
        return true;
      }
      await refresh();
      desk.toast(told.done);
      toEnd();
    } catch (error) {
      // The text stays where it is. After a stale save the page shows what happened, and the next try is fresh.
      if (error.told?.version !== undefined) await refresh().catch(() => {});
      desk.refuse(refusedIn(mode), error);
    }
    return false;
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
