// What do scripts add to the application's form? It counts, checks ID numbers, adds lines.
"use strict";

// Marks that show nothing, as models/tidy.py drops them.
const HIDDEN = /[\u00ad\u061c\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]/gu;
const LONE_JOINER = /(?<![\u2600-\u27bf\ufe0f\u{1f000}-\u{1faff}])\u200d/gu;

document.addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("application");
  if (!form) return;
  form.addEventListener("input", (event) => {
    showCounters(form);
    showIdentity(event.target, form);
    tickFilledBlank(event.target);
    showSections(form);
  });
  form.addEventListener("change", () => showSections(form));
  form.addEventListener("click", (event) => changeLines(event, form));
  showCounters(form);
  form.querySelectorAll("[data-id-number]").forEach((input) => tellIdentity(input));
  showSections(form);
});

// --- counting -------------------------------------------------------------------------------------------------------

// The same count as models/tidy.py count_characters.
function countCharactersOf(text) {
  const kept = text
    .replace(/\r\n?/g, "\n")
    .replace(/\t/g, " ")
    .replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, "")
    .replace(/\p{Cs}/gu, "")
    .replace(HIDDEN, "")
    .replace(LONE_JOINER, "")
    .normalize("NFC")
    .trim();
  return [...kept.replace(/\n/g, "")].length;
}

function showCounters(form) {
  form.querySelectorAll("[data-counts]").forEach((counter) => {
    const area = document.getElementById(counter.dataset.counts);
    if (!area) return;
    const length = countCharactersOf(area.value);
    const longest = Number(counter.dataset.longest);
    const advised = Number(counter.dataset.advised || 0);
    const goal = advised ? `，宜在 ${advised} 字左右` : "";
    counter.textContent = length > longest ? `超出 ${length - longest} 字（最多 ${longest} 字）` : `${length} / ${longest} 字${goal}`;
    counter.classList.toggle("over", length > longest);
    counter.classList.toggle("near", length <= longest && advised > 0 && length * 100 > advised * 110);
  });
}

// --- ID numbers -----------------------------------------------------------------------------------------------------

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

function readIdentity(typed) {
  const text = typed.normalize("NFKC").replace(/[\s\-\u2010-\u2015]/g, "").toUpperCase();
  if (!text) return { text, note: "" };
  if (/^\d{15}$/.test(text)) return { text, note: "15位的旧号码已经停用，请填写18位号码。" };
  if (text.length !== 18) return { text, note: `应为18位，现在是${[...text].length}位。` };
  if (!/^\d{17}[\dX]$/.test(text)) return { text, note: "前17位应为数字，最后一位应为数字或X。" };
  const sum = WEIGHTS.reduce((total, weight, n) => total + weight * Number(text[n]), 0);
  if ("10X98765432"[sum % 11] !== text[17]) return { text, note: "校验位不对，多半有一位数字写错了，请对照身份证核对。" };
  const [year, month, day] = [text.slice(6, 10), text.slice(10, 12), text.slice(12, 14)].map(Number);
  const born = new Date(Date.UTC(year, month - 1, day));
  if (born.getUTCFullYear() !== year || born.getUTCMonth() !== month - 1 || born.getUTCDate() !== day) {
    return { text, note: "其中的出生日期不存在，请对照身份证核对。" };
  }
  const now = new Date();
  const passed = now.getMonth() + 1 > month || (now.getMonth() + 1 === month && now.getDate() >= day);
  return {
    text,
    sex: Number(text[16]) % 2 ? "男" : "女",
    born: born.toISOString().slice(0, 10),
    age: now.getFullYear() - year - (passed ? 0 : 1),
  };
}

function tellIdentity(input) {
  const told = document.querySelector(`[data-told="${input.id}"]`);
  const read = readIdentity(input.value);
  const short = document.activeElement === input && read.text.length < 18;
  if (told) told.dataset.doubted = read.note || "";
  if (told) told.textContent = read.born ? `${read.sex}，${read.born}出生，${read.age}岁` : short ? "" : read.note;
  return read;
}

// The candidate's own number fills in the birth date and the sex that were left empty.
function showIdentity(input, form) {
  if (!(input instanceof HTMLInputElement) || !("idNumber" in input.dataset)) return;
  const read = tellIdentity(input);
  if (input.id !== "id_number" || !read.born) return;
  const given = { birth_date: read.born, sex: read.sex };
  Object.entries(given).forEach(([name, value]) => {
    const field = form.elements.namedItem(name);
    if (field && !field.value) field.value = value;
  });
}
document.addEventListener("focusout", (event) => {
  if (event.target instanceof HTMLInputElement && "idNumber" in event.target.dataset) setTimeout(() => tellIdentity(event.target));
});

function tickFilledBlank(input) {
  const box = input.dataset.ticks && document.getElementById(input.dataset.ticks);
  if (box && input.value.trim()) box.checked = true;
}

// --- lines ----------------------------------------------------------------------------------------------------------

function changeLines(event, form) {
  const button = event.target.closest("[data-more], [data-drop]");
  if (!button) return;
  event.preventDefault();
  const group = button.closest("[data-lines]");
  const lines = [...group.querySelectorAll(".line")];
  if ("drop" in button.dataset) dropLine(button.closest(".line"), lines);
  else addLine(group, lines);
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

function dropLine(line, lines) {
  if (lines.length > 1) {
    const rest = lines.filter((l) => l !== line);
    line.remove();
    rest.forEach((l, n) => numberLine(l, l.parentElement.dataset.lines, n + 1));
    rest[Math.max(0, lines.indexOf(line) - 1)].querySelector("input, select, textarea").focus();
  } else {
    line.querySelectorAll("input, select, textarea").forEach((i) => (i.value = ""));
  }
}

function addLine(group, lines) {
  if (lines.length >= Number(group.dataset.most)) return;
  const line = lines[lines.length - 1].cloneNode(true);
  line.querySelectorAll(".wrong-text").forEach((text) => text.remove());
  line.querySelectorAll("[data-told]").forEach((told) => (told.textContent = ""));
  line.querySelectorAll("input, select, textarea").forEach((input) => {
    input.value = "";
    input.classList.remove("wrong");
    input.removeAttribute("aria-invalid");
    input.removeAttribute("aria-describedby");
  });
  numberLine(line, group.dataset.lines, lines.length + 1);
  lines[lines.length - 1].after(line);
  line.querySelector("input, select, textarea").focus();
}

// Names, ids and labels of a line carry its number: `history-2-where`.
function numberLine(line, key, number) {
  const renamed = (text) => text.replace(new RegExp(`^(${key}-)\\d+(-|$)`), `$1${number}$2`);
  line.querySelectorAll("[id]").forEach((e) => (e.id = renamed(e.id)));
  line.querySelectorAll("[name]").forEach((e) => (e.name = renamed(e.name)));
  line.querySelectorAll("label[for]").forEach((e) => (e.htmlFor = renamed(e.htmlFor)));
  ["counts", "told"].forEach((word) =>
    line.querySelectorAll(`[data-${word}]`).forEach((e) => (e.dataset[word] = renamed(e.dataset[word]))),
  );
  line.setAttribute("aria-label", line.getAttribute("aria-label").replace(/第\d+行/, `第${number}行`));
  const shown = line.querySelector(".line-number");
  shown.textContent = shown.textContent.replace(/\d+\s*$/, String(number));
  const drop = line.querySelector("[data-drop]");
  drop.value = `drop:${key}:${number}`;
  drop.setAttribute("aria-label", drop.getAttribute("aria-label").replace(/第\d+行/, `第${number}行`));
}

// --- which parts are filled in --------------------------------------------------------------------------------------

function showSections(form) {
  form.querySelectorAll("[data-section]").forEach((section) => {
    const mark = document.querySelector(`[data-of="${section.dataset.section}"]`);
    if (!mark || mark.dataset.state === "bad") return;
    const doubted = [...section.querySelectorAll("[data-told]")].some((told) => told.dataset.doubted);
    const needed = [...section.querySelectorAll(".field")].filter((f) => !f.closest(".line") && f.querySelector(":scope > label .must, :scope > legend .must"));
    const filled = [...section.querySelectorAll(".field")].some(isFilled);
    const counted = [...section.querySelectorAll(".counter.over")].length === 0;
    mark.dataset.state = counted && !doubted && filled && needed.every(isFilled) ? "done" : "open";
  });
}

function isFilled(field) {
  return [...field.querySelectorAll("input, select, textarea")].some((i) => {
    if (i.type === "hidden") return false;
    return i.type === "checkbox" || i.type === "radio" ? i.checked && i.value !== "" : i.value.trim() !== "";
  });
}
