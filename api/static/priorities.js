// What do scripts add to ranking? Rows are dragged, or moved by buttons, and numbered anew.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const body = document.querySelector("[data-order]");
  if (!body) return;
  const rows = () => [...body.querySelectorAll("tr")];
  const place = (row) => row.querySelector("input.place");
  if (!rows().length || place(rows()[0]).disabled) return;
  const said = document.querySelector("[data-said]");

  const number = () =>
    rows().forEach((row, n) => {
      place(row).value = String(n + 1);
    });

  function move(row, up) {
    const other = up ? row.previousElementSibling : row.nextElementSibling;
    if (!other) return;
    if (up) other.before(row);
    else other.after(row);
    number();
    said.textContent = `${place(row).labels[0].textContent}改为第${place(row).value}位，保存后生效。`;
  }

  body.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (!button) return;
    move(button.closest("tr"), button.dataset.move === "up");
    button.focus();
  });

  // A number that is typed puts its row where it belongs once the field is left.
  body.addEventListener("change", (event) => {
    const row = event.target.closest("tr");
    const wanted = Number(event.target.value);
    if (!row || !Number.isInteger(wanted) || wanted < 1) return;
    const others = rows().filter((r) => r !== row);
    const before = others[wanted - 1];
    if (before) before.before(row);
    else body.append(row);
    number();
  });

  let dragged = null;
  rows().forEach((row) => {
    row.draggable = true;
    row.addEventListener("dragstart", (event) => {
      if (event.target !== row) return;
      dragged = row;
      row.classList.add("dragged");
      event.dataTransfer.effectAllowed = "move";
    });
    row.addEventListener("dragend", () => {
      row.classList.remove("dragged");
      dragged = null;
      number();
    });
    row.addEventListener("dragover", (event) => {
      if (!dragged || dragged === row) return;
      event.preventDefault();
      const box = row.getBoundingClientRect();
      if (event.clientY < box.top + box.height / 2) row.before(dragged);
      else row.after(dragged);
    });
  });
});
