// Small comforts. Everything on the site works without this file.
(() => {
  "use strict";

  // Menus made of <details> close with Escape, with a click elsewhere, and when the focus moves on.
  const openMenus = () => document.querySelectorAll("details.menu[open]");
  document.addEventListener("click", (event) => {
    openMenus().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });
  document.addEventListener("focusin", (event) => {
    openMenus().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    openMenus().forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); });
  });

  // <a href="/confirm/" data-opens="some-dialog">: the dialog where scripts run, the page where they do not.
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    const dialog = opener && document.getElementById(opener.dataset.opens);
    if (dialog instanceof HTMLDialogElement) { event.preventDefault(); dialog.showModal(); }
    const closer = event.target.closest("dialog [data-closes]");
    if (closer) { event.preventDefault(); closer.closest("dialog").close(); }
  });

  // Notices can be put away.
  const dismissible = (toast) => {
    if (toast.querySelector("button")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn quiet";
    button.textContent = "Close";
    button.addEventListener("click", () => toast.remove());
    toast.append(button);
  };
  const shelf = document.getElementById("toasts");
  const say = (words, level) => {
    const toast = document.createElement("div");
    toast.className = `toast ${level || ""}`;
    const line = document.createElement("p");
    line.textContent = words;
    toast.append(line);
    shelf.append(toast);
  };
  if (shelf) {
    new MutationObserver(() => shelf.querySelectorAll(".toast").forEach(dismissible)).observe(shelf, { childList: true });
    shelf.querySelectorAll(".toast").forEach(dismissible);
  }

  // Who signs out, on whatever page, or wipes what they said leaves no draft behind in this tab.
  document.addEventListener("submit", (event) => {
    if (/\/(logout|wipe)\//.test(event.target.action)) sessionStorage.clear();
  });

  // A passkey that was not given: by a person who changed their mind, or by a device that has none.
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    say("Your device did not give the passkey. Nothing was changed; try again, or use another way.", "warning");
  });

  // A partial update that fails says so, instead of doing nothing.
  document.addEventListener("htmx:sendError", () => say("The site cannot be reached just now. Nothing was changed; please try again.", "error"));
  document.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    if (status === 401 || status === 403) say("You are no longer signed in. Reload the page to sign in again.", "warning");
    else if (status === 404) say("This is no longer there. Reload the page to see what is.", "warning");
    else if (status === 429) say("That was a lot at once. Please wait a moment and try again.", "warning");
    else say("That did not work. Nothing was lost; please try again.", "error");
  });
})();
