// What is known already of this ticket: fetched when the page stands, inserted into the reply with one click.
"use strict";

(() => {
  const root = document.querySelector("[data-conversation]");
  const panel = root.querySelector("[data-knowledge]");

  async function show() {
    try {
      panel.replaceChildren(...(await desk.fragment(panel.dataset.url, "knowledge")).childNodes);
      desk.tick(panel);
    } catch {
      // The ticket can be answered without it; the next refresh asks again.
      panel.replaceChildren();
    }
  }
  root.addEventListener("refreshed", show);
  show();

  panel.addEventListener("click", (event) => {
    const button = event.target.closest("[data-insert]");
    if (!button) return;
    root.querySelector('[data-mode-button="reply"]').click();
    const field = root.querySelector('[data-compose="reply"] textarea');
    field.setRangeText(button.dataset.insert, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input"));
  });
})();
