// Comforts of "Your data". Every control works without this file.
(() => {
  "use strict";
  document.documentElement.classList.add("scripted");

  // --- Ticks: the bar appears with the first one and says how many there are.
  const count = () => {
    const bar = document.getElementById("bulk");
    if (!bar || bar.querySelector("input[name=all]")) return;
    const ticked = document.querySelectorAll("input[form=bulk][name=id]:checked").length;
    bar.hidden = ticked === 0;
    bar.querySelector("[data-count]").textContent = `${ticked} selected`;
  };
  document.addEventListener("change", (event) => {
    if (event.target.matches("input[form=bulk]")) {
      const all = document.querySelector("#bulk input[name=all]");
      if (all && !event.target.checked) all.remove();
      count();
    }
    const form = event.target.closest("form[data-saves-itself]");
    if (form) form.requestSubmit();
  });

  // --- Editing in place: Enter saves, Shift+Enter breaks the line, Escape cancels.
  document.addEventListener("keydown", (event) => {
    const form = event.target.closest("form[data-edits]");
    if (!form || event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey && event.target.matches("textarea")) {
      event.preventDefault();
      form.requestSubmit();
    } else if (event.key === "Escape") {
      event.preventDefault();
      form.querySelector("[data-cancels]").click();
    }
  });

  // --- Reviewing by keys.
  document.addEventListener("keydown", (event) => {
    const list = document.querySelector("[data-review]");
    if (!list || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, textarea, select")) return;
    const rows = [...list.children];
    const at = rows.indexOf(document.activeElement.closest("[data-review] > li"));
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const next = Math.min(rows.length - 1, Math.max(0, at + (event.key === "ArrowDown" ? 1 : -1)));
      rows[next].focus();
    }
    const key = event.key.toLowerCase();
    const control = ["k", "e", "d"].includes(key) && (rows[at] || rows[0]).querySelector(`[data-key=${key}]`);
    if (control) { event.preventDefault(); control.click(); }
  });

  // --- The drawer: opens when its content has come.
  document.addEventListener("htmx:afterSwap", (event) => {
    const drawer = document.getElementById("drawer");
    if (event.target.id === "drawer-body" && drawer && !drawer.open) drawer.showModal();
    count();
    offers();
    const field = event.target.querySelector && event.target.querySelector("[autofocus]");
    if (field) { field.focus(); field.setSelectionRange(field.value.length, field.value.length); }
  });
  // A swap replaces what had the focus: put it where the eye is.
  document.addEventListener("htmx:afterSettle", (event) => {
    if (document.activeElement !== document.body) return;
    const undo = document.querySelector("#undo button");
    const editing = document.querySelector("[data-edits] textarea");
    const row = event.target.matches && event.target.matches("#memory-rows > li") ? event.target : null;
    // Pressed again, Pause takes back what it did.
    const acted = /\/data\/([0-9a-f-]{36})\/(undo|pause|resume)\//.exec(event.detail.pathInfo?.requestPath || "");
    const back = acted && document.querySelector(`#memory-${acted[1]} ${acted[2] === "undo" ? ".acts a" : "[data-pauses]"}`);
    const next = editing || back || undo || (row && row.querySelector(".acts a, .acts button"));
    if (next) next.focus({ preventScroll: true });
  });
  // "Changed elsewhere" comes back with what was typed, and is shown like any other answer.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status === 409) { event.detail.shouldSwap = true; event.detail.isError = false; }
  });

  // --- An offer to undo goes away when its time is over.
  const offers = () => {
    document.querySelectorAll("#undo [data-until]").forEach((toast) => {
      const left = Date.parse(toast.dataset.until) - Date.now();
      setTimeout(() => toast.remove(), Math.min(Math.max(0, left), 15000));
    });
  };

  count();
  offers();
})();
