// Ask before what cannot be undone: `hx-confirm="Delete it?"` on a partial request, `data-confirm="Delete it?"` on a form's button.
(() => {
  "use strict";
  const ask = (element, question) =>
    new Promise((answer) => {
      const dialog = document.getElementById("confirm");
      const act = dialog.querySelector("[data-act]");
      dialog.querySelector("#confirm-question").textContent = question;
      dialog.querySelector("#confirm-detail").textContent = element.dataset.confirmDetail || "";
      act.textContent = element.dataset.confirmAct || element.textContent.trim() || "Continue";
      act.classList.toggle("danger", "confirmDanger" in element.dataset || element.classList.contains("btn-danger"));
      dialog.returnValue = "no";
      dialog.addEventListener("close", () => answer(dialog.returnValue === "yes"), { once: true });
      dialog.showModal();
    });

  document.addEventListener("htmx:confirm", (event) => {
    if (!event.detail.question) return;
    event.preventDefault();
    ask(event.detail.elt, event.detail.question).then((yes) => yes && event.detail.issueRequest(true));
  });

  let agreed = null;
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-confirm]");
    if (!button || !button.form || button === agreed) {
      agreed = null;
      return;
    }
    event.preventDefault();
    ask(button, button.dataset.confirm).then((yes) => {
      if (!yes) return;
      agreed = button;
      button.click();
    });
  });
})();
