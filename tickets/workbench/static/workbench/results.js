// Search results: walk and open them.
"use strict";

(() => {
  const cursor = desk.walk(() => [...document.querySelectorAll("[data-row]")]);
  const open = () => {
    const link = cursor.current?.querySelector("a.row-subject");
    if (link) desk.go(link.href);
  };
  desk.on("Enter", open);
  desk.on("o", open);
})();
