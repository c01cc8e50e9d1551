// While somebody writes: what is known of it already. Without this script the form asks once, when it is sent.
"use strict";

(() => {
  const box = document.querySelector("[data-suggestions]");
  const form = box.closest("form");
  const field = form.elements.text;
  let timer;
  let shownFor = "";

  async function ask() {
    const text = field.value.trim();
    if (text === shownFor) return;
    shownFor = text;
    const body = new FormData();
    body.append("text", text);
    body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    try {
      const response = await fetch(box.dataset.url, { method: "POST", body });
      if (response.status !== 200 || text !== field.value.trim()) return;
      box.innerHTML = await response.text();
      // Whoever saw them here is not asked again after sending.
      form.querySelector("[data-asked]").value = box.querySelector("[name=known]") ? "1" : "";
    } catch {
      // Offline: the form still works, and asks by itself when it is sent.
    }
  }
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 600);
  });
})();
