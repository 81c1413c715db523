// How is a list worked through by keyboard? Keys move between the rows' own links and ticks; nothing is done by them
// alone. Whoever finds single keys in the way switches them off, which this browser remembers.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const table = document.querySelector("[data-worklist]");
  const help = document.querySelector("[data-keys]");
  const wanted = document.getElementById("keys-on");
  if (table && help && wanted) followKeys(table, help, wanted);
  if (table) countTicks(table);
});

function followKeys(table, help, wanted) {
  const links = [...table.querySelectorAll("[data-open]")];
  wanted.checked = localStorage.getItem("keys") !== "off";
  wanted.addEventListener("change", () => localStorage.setItem("keys", wanted.checked ? "on" : "off"));
  const row = () => {
    const here = document.activeElement && document.activeElement.closest("tr");
    return links.findIndex((link) => link.closest("tr") === here);
  };
  const go = (step) => {
    const from = row();
    const next = from < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, from + step));
    links[next].focus();
    links[next].closest("tr").scrollIntoView({ block: "nearest" });
  };
  const tick = () => {
    const link = links[row()];
    const box = link && link.closest("tr").querySelector(".tick");
    if (box) box.click();
  };
  const search = document.getElementById("q");
  const keys = {
    j: () => go(1),
    k: () => go(-1),
    x: tick,
    "/": () => search && search.focus(),
    "?": () => {
      help.open = !help.open;
      help.querySelector("summary").focus();
    },
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const typing = event.target.matches("input:not([type=checkbox]), textarea, select");
    if (typing) return;
    const arrow = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    // Arrows scroll the page as ever, until somebody is in the list.
    if (arrow && row() >= 0) {
      event.preventDefault();
      go(arrow);
    } else if (keys[event.key] && (wanted.checked || event.target.closest("[data-worklist]"))) {
      event.preventDefault();
      keys[event.key]();
    }
  });
}

// How many are ticked is said beside the answer for many; all of the page are ticked, or none, by one button.
function countTicks(table) {
  const boxes = [...table.querySelectorAll(".tick")];
  const said = document.querySelector("[data-ticked]");
  const all = document.querySelector("[data-tick-all]");
  if (!boxes.length || !said) return;
  const update = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    said.textContent = ticked ? `已勾选 ${ticked} 名` : "";
    if (all) all.textContent = ticked === boxes.length ? "取消勾选" : "勾选本页全部";
  };
  table.addEventListener("change", update);
  if (all) {
    all.addEventListener("click", () => {
      const every = boxes.every((box) => box.checked);
      boxes.forEach((box) => (box.checked = !every));
      update();
    });
  }
  update();
}
