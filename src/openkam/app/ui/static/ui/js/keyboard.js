// Shortcuts: the palette, the list of shortcuts, g and a letter for the navigation, j and k through rows. Never while somebody types.
(() => {
  "use strict";
  const GO_WAITS_MS = 1200;
  const navigation = () => [...document.querySelectorAll("#navigation a.i")];

  // Each entry gets the first letter of its label that no entry before it has.
  const letters = () => {
    const taken = new Map();
    for (const link of navigation()) {
      const letter = [...link.textContent.trim().toLowerCase()].find((sign) => /[a-z]/.test(sign) && !taken.has(sign));
      if (letter) taken.set(letter, link);
    }
    return taken;
  };

  const typing = (element) => element.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
  const rows = () => [...document.querySelectorAll("main table.t tbody tr, main .li > li")].filter((row) => row.querySelector("a[href], button, [hx-get]"));

  const step = (by) => {
    const all = rows();
    if (!all.length) return;
    const now = all.findIndex((row) => row.contains(document.activeElement));
    const next = all[Math.min(Math.max(now + by, 0), all.length - 1)];
    next.querySelector("a[href], button, [hx-get]").focus();
    next.scrollIntoView({ block: "nearest" });
  };

  let goingUntil = 0;
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
      const palette = document.getElementById("palette");
      if (!palette) return;
      event.preventDefault();
      if (palette.open) palette.close();
      else if (!document.querySelector("dialog[open]")) palette.showModal();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;
    if (goingUntil > Date.now()) {
      goingUntil = 0;
      const link = letters().get(event.key.toLowerCase());
      if (link) {
        event.preventDefault();
        link.click();
      }
      return;
    }
    if (event.key === "g") goingUntil = Date.now() + GO_WAITS_MS;
    else if (event.key === "?") document.getElementById("shortcuts")?.showModal();
    else if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if (event.key === "/") {
      const field = document.querySelector("main [role=search] input:not([type=hidden])");
      if (!field) return;
      event.preventDefault();
      field.focus();
    }
  });

  const list = document.querySelector("[data-go-list]");
  if (!list) return;
  for (const [letter, link] of letters()) {
    const entry = document.createElement("div");
    const keys = document.createElement("dt");
    const word = document.createElement("dd");
    for (const sign of ["g", letter]) {
      const key = document.createElement("kbd");
      key.className = "k";
      key.textContent = sign;
      keys.append(key, " ");
    }
    word.textContent = link.textContent.trim();
    entry.append(keys, word);
    list.append(entry);
  }
})();
