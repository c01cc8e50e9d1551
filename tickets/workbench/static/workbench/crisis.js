// The crisis queue: one click or one key takes an urgent ticket.
"use strict";

(() => {
  const holder = document.querySelector("[data-crisis-rows]");
  const refused = document.querySelector("[data-refused]");
  const cursor = desk.walk(() => [...holder.querySelectorAll("[data-row]")]);

  async function refresh() {
    const current = cursor.current?.dataset.row;
    holder.replaceChildren(await desk.fragment(location.href, "rows"));
    const again = current && holder.querySelector(`[data-row="${current}"]`);
    if (again) cursor.choose(again);
    desk.tick(holder);
  }

  async function take(button) {
    button.disabled = true;
    refused.hidden = true;
    try {
      await desk.post(button.dataset.acknowledge, { action: "acknowledge" });
      desk.go(button.closest("[data-row]").querySelector("a.row-subject").href);
    } catch (error) {
      desk.refuse(refused, error);
      await refresh().catch(() => {});
    }
    window.deskLive?.ask();
  }

  async function takePage(button) {
    button.disabled = true;
    refused.hidden = true;
    try {
      const told = await desk.post(button.dataset.takePage, {});
      desk.toast(told.done);
      if (told.refused.length) desk.refuse(refused, new desk.Refused({ refused: told.refused.join("\n") }));
    } catch (error) {
      desk.refuse(refused, error);
    }
    await refresh().catch(() => {});
    window.deskLive?.ask();
  }

  async function callNext(button) {
    if (button.disabled) return;
    button.disabled = true;
    refused.hidden = true;
    try {
      desk.toast((await desk.post(button.dataset.callNext, {})).done);
    } catch (error) {
      desk.refuse(refused, error);
    }
    await refresh().catch(() => { button.disabled = false; });
  }

  holder.addEventListener("click", (event) => {
    const together = event.target.closest("[data-take-page]");
    if (together) takePage(together);
    const button = event.target.closest("[data-acknowledge]");
    if (button) take(button);
    const call = event.target.closest("[data-call-next]");
    if (call) callNext(call);
  });
  desk.on("e", () => {
    const button = cursor.current?.querySelector("[data-call-next]");
    if (button) callNext(button);
  });
  desk.on("y", () => {
    const button = (cursor.current ?? holder).querySelector("[data-acknowledge]");
    if (button) take(button);
  });
  const open = () => {
    const link = cursor.current?.querySelector("a.row-subject");
    if (link) desk.go(link.href);
  };
  desk.on("Enter", open);
  desk.on("o", open);
  const refreshSoon = window.deskLive.gently(() => refresh().catch(() => {}));
  document.addEventListener("desk:count", refreshSoon);
  document.addEventListener("desk:changed", refreshSoon);
  setInterval(() => { if (!document.hidden && !window.deskLive.isTold) refreshSoon(); }, 10000);
})();
