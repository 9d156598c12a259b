// Menus close by Escape or a click elsewhere; on the phone "More" opens the navigation; filters send themselves.
(() => {
  "use strict";
  const openMenus = () => document.querySelectorAll("details[data-menu][open]");

  document.addEventListener("click", (event) => {
    for (const menu of openMenus()) {
      if (!menu.contains(event.target) || event.target.closest("[data-open]")) menu.open = false;
    }
    const opener = event.target.closest("[data-open]");
    if (opener) document.getElementById(opener.dataset.open)?.showModal();

    const more = event.target.closest("[data-navigation]");
    const navigation = document.getElementById("navigation");
    if (!navigation) return;
    if (more) setNavigation(more.getAttribute("aria-expanded") !== "true");
    else if (!navigation.contains(event.target)) setNavigation(false);
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of openMenus()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
    const more = document.querySelector("[data-navigation][aria-expanded=true]");
    if (more) {
      setNavigation(false);
      more.focus();
    }
  });

  const setNavigation = (open) => {
    const navigation = document.getElementById("navigation");
    const more = document.querySelector("[data-navigation]");
    if (!more || (more.getAttribute("aria-expanded") === "true") === open) return;
    more.setAttribute("aria-expanded", String(open));
    navigation.classList.toggle("open", open);
    if (open) navigation.focus();
  };

  document.addEventListener("change", (event) => {
    const filters = event.target.closest("form[data-filters]");
    if (filters && event.target.matches("select, input[type=checkbox], input[type=radio], input[type=date]")) filters.requestSubmit();
  });
  // A backdrop belongs to its dialog: a click on it closes what may be left without an answer.
  document.addEventListener("click", (event) => {
    if (event.target.matches("dialog.ok-dialog") && event.target.open) event.target.close();
  });
})();
