// In an internal note: @ and the beginning of a name, and the colleague is chosen without the mouse.
"use strict";

(() => {
  const field = document.querySelector("[data-mentions]");
  if (!field) return;
  const list = document.querySelector("[data-mention-list]");
  // As the server reads it: not within a mail address. A name may be Chinese and follow Chinese without a blank.
  const CALL = /(?:^|[^A-Za-z0-9._%+@-])@([^\s@]{0,30})$/;
  const MOST_SHOWN = 8;
  let asked = null;
  let people = [];
  let shown = [];
  let at = 0;

  async function load() {
    asked ??= fetch(field.dataset.mentions).then((response) => response.json());
    people = (await asked).people;
  }
  const called = () => field.value.slice(0, field.selectionStart).match(CALL)?.[1];

  async function look() {
    if (called() === undefined) return close();
    try {
      await load();
    } catch {
      // No connection: whoever is called by hand is told all the same; the next letter asks again.
      asked = null;
      return;
    }
    const wanted = called()?.toLowerCase();
    if (wanted === undefined) return close();
    const names = (one) => [one.name, one.login].map((name) => name.toLowerCase());
    const found = people.filter((one) => names(one).some((name) => name.includes(wanted)));
    // "@to" is Tom before it is the administrator.
    const isApart = (one) => Number(!names(one).some((name) => name.startsWith(wanted)));
    shown = found.sort((one, other) => isApart(one) - isApart(other)).slice(0, MOST_SHOWN);
    at = 0;
    show();
  }
  function show() {
    list.hidden = shown.length === 0;
    list.replaceChildren(...shown.map((one, number) => {
      const item = Object.assign(document.createElement("li"), { id: `mention-${number}` });
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", String(number === at));
      item.append(one.name, Object.assign(document.createElement("code"), { textContent: `@${one.login}` }));
      // Before the field loses the focus, which closes the list.
      item.addEventListener("mousedown", (event) => { event.preventDefault(); insert(one); });
      return item;
    }));
    if (shown.length) field.setAttribute("aria-activedescendant", `mention-${at}`);
    else field.removeAttribute("aria-activedescendant");
  }
  function close() {
    shown = [];
    show();
  }
  function insert(one) {
    const end = field.selectionStart;
    field.setRangeText(`@${one.login} `, end - called().length - 1, end, "end");
    close();
    field.dispatchEvent(new Event("input"));
  }

  field.addEventListener("input", look);
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    if (!shown.length || event.isComposing || event.ctrlKey || event.metaKey) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      at = (at + step + shown.length) % shown.length;
      show();
    } else if (event.key === "Enter" || event.key === "Tab") {
      insert(shown[at]);
    } else if (event.key === "Escape") {
      close();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  });
})();
