// What do scripts add? Nothing that is needed: each page works without them.
"use strict";

document.documentElement.classList.add("js");

// A button that was pressed can't be pressed again while the answer is on its way.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  const question = event.submitter && event.submitter.dataset.confirm;
  if (question && !window.confirm(question)) {
    event.preventDefault();
    return;
  }
  // A download leaves the page as it is, so its button stays usable.
  if (!("stays" in form.dataset)) form.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});

document.addEventListener("DOMContentLoaded", () => {
  countCharacters();
  showWhatApplies();
  narrowOccupations();
  countPlaces();
  const summary = document.getElementById("errors");
  if (summary) summary.focus();
});

function countCharacters() {
  document.querySelectorAll("textarea[maxlength]").forEach((area) => {
    const counter = document.querySelector(`[data-counts="${area.id}"]`);
    if (!counter) return;
    const show = () => {
      counter.textContent = `${[...area.value].length} / ${area.maxLength} 字`;
    };
    area.addEventListener("input", show);
    show();
  });
}

// `data-when="channel=unit,professional"`: only shown while that choice is made.
function showWhatApplies() {
  const parts = document.querySelectorAll("[data-when]");
  const update = () =>
    parts.forEach((part) => {
      const holds = part.dataset.when.split(";").every((rule) => {
        const [name, values] = rule.split("=");
        const inputs = [...document.getElementsByName(name)];
        const chosen = inputs.find((i) => (i.type === "radio" ? i.checked : true));
        return !inputs.length || (chosen && values.split(",").includes(chosen.value));
      });
      part.hidden = !holds;
    });
  if (!parts.length) return;
  document.addEventListener("change", update);
  update();
}

// The list of occupations offers those of the chosen category only.
function narrowOccupations() {
  const category = document.getElementById("category");
  const list = document.getElementById("occupations");
  if (!category || !list) return;
  const all = [...list.options];
  const update = () => {
    list.replaceChildren(...all.filter((o) => ["", "other", o.dataset.of].includes(category.value)));
  };
  category.addEventListener("change", update);
  update();
}

// How many names are on the list now, beside how many there may be; a reason is asked for where a place was changed.
function countPlaces() {
  const counter = document.getElementById("places-count");
  const selects = [...document.querySelectorAll("select[data-place]")];
  if (!counter || !selects.length) return;
  const size = Number(counter.dataset.size);
  const update = () => {
    const on = selects.filter((s) => s.value === "on").length;
    counter.textContent = `已列入 ${on} 名，名额 ${size} 名`;
    counter.className = on > size ? "late" : "";
    selects.forEach((s) => {
      const reason = document.getElementById(s.dataset.reason);
      if (reason) reason.classList.toggle("js-hidden", s.value === s.dataset.place && !reason.value);
    });
  };
  document.addEventListener("change", update);
  update();
}

// Parts of the menu that somebody has opened or closed stay so, on this machine.
for (const part of document.querySelectorAll(".menu details")) {
  const name = "menu " + part.querySelector("summary").firstChild.textContent;
  const kept = localStorage.getItem(name);
  if (kept === "open") part.open = true;
  if (kept === "closed" && !part.querySelector("[aria-current]")) part.open = false;
  part.addEventListener("toggle", () => localStorage.setItem(name, part.open ? "open" : "closed"));
}
