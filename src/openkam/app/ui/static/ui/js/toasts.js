// Short messages: those that came with the page, those that a partial answer sends (`HX-Trigger: toast`), and failed requests.
(() => {
  "use strict";
  const STAYS_MS = 7000;

  const leave = (toast) => toast.remove();
  const settle = (toast) => {
    toast.querySelector("button")?.addEventListener("click", () => leave(toast));
    if (toast.matches(".error, .warning")) return; // what must be read stays until it is dismissed
    let timer = setTimeout(() => leave(toast), STAYS_MS);
    for (const name of ["mouseenter", "focusin"]) toast.addEventListener(name, () => clearTimeout(timer));
    for (const name of ["mouseleave", "focusout"]) {
      toast.addEventListener(name, () => {
        clearTimeout(timer);
        timer = setTimeout(() => leave(toast), STAYS_MS);
      });
    }
  };

  const show = (text, level) => {
    const shape = document.getElementById("toast");
    const place = document.getElementById("toasts");
    if (!shape || !place || !text) return;
    const toast = shape.content.firstElementChild.cloneNode(true);
    toast.classList.add(level || "info");
    toast.querySelector("p").textContent = text;
    place.append(toast);
    settle(toast);
  };

  const WORDS = {
    403: "You may not do this.",
    404: "It is not there any more. Load the page again.",
    413: "The file is too large.",
    429: "Too many tries. Wait a minute.",
  };
  document.addEventListener("toast", (event) => show(event.detail.text || event.detail.value, event.detail.level));
  document.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    show(WORDS[status] || "That did not work. The error is recorded; try again.", "error");
  });
  document.addEventListener("htmx:sendError", () => show("The server could not be reached. Nothing was changed.", "error"));
  addEventListener("DOMContentLoaded", () => document.querySelectorAll("#toasts [data-toast]").forEach(settle));
})();
