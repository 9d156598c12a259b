// The drawer opens when something arrives in it, takes the focus, and gives it back when it closes.
(() => {
  "use strict";
  let opener = null;
  const drawer = () => document.getElementById("drawer");

  const close = () => {
    const element = drawer();
    if (!element || element.hidden) return;
    element.hidden = true;
    element.replaceChildren();
    document.querySelectorAll(".sel[data-opened]").forEach((row) => {
      row.classList.remove("sel");
      delete row.dataset.opened;
    });
    if (opener?.isConnected) opener.focus();
    opener = null;
  };

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.target?.id === "drawer" && !drawer().contains(event.detail.elt)) opener = event.detail.elt;
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const element = drawer();
    if (event.detail.target !== element) return;
    if (!element.childElementCount) return close();
    const wasHidden = element.hidden;
    element.hidden = false;
    const row = opener?.closest("tr, .li > li");
    document.querySelectorAll(".sel[data-opened]").forEach((other) => other !== row && other.classList.remove("sel"));
    if (row) {
      row.classList.add("sel");
      row.dataset.opened = "";
    }
    const title = element.querySelector("h2");
    if (title) element.setAttribute("aria-label", title.textContent.trim());
    element.scrollTop = 0;
    if (wasHidden || !element.contains(document.activeElement)) element.focus();
  });
  document.addEventListener("click", (event) => event.target.closest("[data-drawer-close]") && close());
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !document.querySelector("dialog[open]")) close();
  });
  // A saved decision may close the drawer from the server: `HX-Trigger: drawer-close`.
  document.addEventListener("drawer-close", close);
})();
