// The palette: from the server where `data-url` says so (its answer is a list of <a role="option">), else the navigation's links.
(() => {
  "use strict";
  const palette = document.getElementById("palette");
  if (!palette) return;
  const input = palette.querySelector("input");
  const list = palette.querySelector("[role=listbox]");
  const none = palette.querySelector(".palette-none");
  const options = () => [...list.querySelectorAll("[role=option]")];
  let asked = 0;

  const fromNavigation = (words) => {
    const links = [...document.querySelectorAll("#navigation a.i")].filter((link) =>
      link.textContent.toLowerCase().includes(words.toLowerCase()),
    );
    list.replaceChildren(
      ...links.map((link) => {
        const option = document.createElement("a");
        option.href = link.href;
        option.setAttribute("role", "option");
        option.append(...[...link.children].map((child) => child.cloneNode(true)));
        return option;
      }),
    );
  };

  const fromServer = async (words) => {
    const mine = ++asked;
    const answer = await fetch(`${palette.dataset.url}?${new URLSearchParams({ q: words })}`, { headers: { "HX-Request": "true" } });
    if (mine !== asked) return false; // a later question was sent meanwhile
    if (!answer.ok) return fromNavigation(words);
    const found = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (mine === asked) list.replaceChildren(...found.body.childNodes);
  };

  const choose = (position) => {
    const all = options();
    all.forEach((option, index) => {
      option.id ||= `palette-option-${index}`;
      option.tabIndex = -1;
      option.setAttribute("aria-selected", String(index === position));
    });
    const chosen = all[position];
    if (chosen) {
      input.setAttribute("aria-activedescendant", chosen.id);
      chosen.scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
    none.hidden = all.length > 0;
  };

  const search = async () => {
    const words = input.value.trim();
    if (palette.dataset.url) {
      try {
        if ((await fromServer(words)) === false) return;
      } catch {
        fromNavigation(words); // without the server the way to every page still works
      }
    } else fromNavigation(words);
    choose(0);
  };

  let waiting = 0;
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(search, palette.dataset.url ? 120 : 0);
  });
  input.addEventListener("keydown", (event) => {
    const all = options();
    const now = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (all.length) choose((now + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      all[now]?.click();
    }
  });
  new MutationObserver(() => {
    if (!palette.open) return;
    input.value = "";
    search();
  }).observe(palette, { attributeFilter: ["open"] });
})();
