// Rows of a form that are added and taken away: slots of a day, holidays, escalation steps.
"use strict";

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-add-row], [data-remove-row], [data-copy-first]");
  if (!button) return;
  const rows = button.closest("[data-rows]");
  if (button.matches("[data-add-row]")) {
    const list = rows.querySelector("[data-list]");
    list.append(rows.querySelector("template").content.cloneNode(true));
    list.lastElementChild.querySelector("input").focus();
  } else if (button.matches("[data-remove-row]")) {
    button.closest("[data-row]").remove();
    // Whoever works by keyboard stays where the row was.
    rows.querySelector("[data-add-row]").focus();
  } else {
    const [monday, ...others] = button.closest("[data-week]").querySelectorAll("[data-rows]");
    const slots = [...monday.querySelectorAll("[data-list] [data-row]")];
    for (const day of others.slice(0, 4)) {
      const list = day.querySelector("[data-list]");
      list.replaceChildren();
      for (const slot of slots) {
        list.append(day.querySelector("template").content.cloneNode(true));
        const [from, to] = [slot, list.lastElementChild].map((row) => row.querySelectorAll("input"));
        to.forEach((input, column) => { input.value = from[column].value; });
      }
    }
  }
});
