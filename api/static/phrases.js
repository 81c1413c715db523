// What can be pressed instead of typed: common words of an opinion, common marks of a score sheet.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("[data-fills]").forEach((row) => {
    row.hidden = false;
    row.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button) fill(document.getElementById(row.dataset.fills), button);
    });
  });
});

function fill(field, button) {
  const step = Number(button.dataset.step || 0);
  if (step) {
    field.value = String(Math.min(100, Math.max(0, (Number(field.value) || 0) + step)));
  } else if (field.tagName === "TEXTAREA") {
    const before = field.value.trimEnd();
    if (before.includes(button.value)) return;
    field.value = before + button.value;
  } else {
    field.value = button.value;
  }
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
