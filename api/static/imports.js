// What do scripts add to the import of 附件2? They say that it is on its way, and how far the upload has come.
"use strict";

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!("upload" in form.dataset) || event.defaultPrevented) return;
  const wait = form.querySelector(".import-wait");
  if (wait) {
    wait.textContent = wait.dataset.text;
    wait.hidden = false;
  }
  const bar = form.querySelector("progress");
  if (bar) {
    bar.hidden = false;
    bar.removeAttribute("value");
  }
});

window.addEventListener("pageshow", () => {
  document.querySelectorAll(".import-wait, .import-progress").forEach((part) => {
    part.hidden = true;
  });
});
