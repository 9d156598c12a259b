// Before anything is painted: the colours that the reader chose, or the device's. Later: the switch.
(() => {
  "use strict";
  const KEY = "openkam-theme";
  const device = matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => {
    try {
      return localStorage.getItem(KEY) || "system";
    } catch {
      return "system"; // a browser that keeps nothing follows the device
    }
  };
  const apply = () => {
    const theme = chosen();
    const shown = theme === "system" ? (device.matches ? "dark" : "light") : theme;
    if (document.documentElement.dataset.bsTheme === shown) return;
    document.documentElement.dataset.bsTheme = shown;
    document.dispatchEvent(new CustomEvent("openkam:theme", { detail: shown }));
  };
  apply();
  document.documentElement.classList.add("scripted"); // what steps back behind a script's work does so before it is painted
  device.addEventListener("change", apply);
  addEventListener("storage", (event) => event.key === KEY && apply());
  addEventListener("DOMContentLoaded", () => {
    for (const input of document.querySelectorAll("[data-theme-switch] input")) {
      input.checked = input.value === chosen();
      input.addEventListener("change", () => {
        try {
          localStorage.setItem(KEY, input.value);
        } catch {
          document.documentElement.dataset.bsTheme = input.value === "system" ? "light" : input.value;
        }
        apply();
      });
    }
  });
})();
