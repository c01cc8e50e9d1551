// Who chooses a day means the days, whatever period was chosen before.
"use strict";

(() => {
  const form = document.querySelector(".figures-ask");
  form?.addEventListener("change", ({ target }) => {
    if (target.type === "date") form.elements.span.value = "custom";
  });
})();
