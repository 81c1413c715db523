// The weighted total of a score sheet while it is typed; the server counts the same.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const total = document.getElementById("score-total");
  if (!total) return;
  const marks = [...document.querySelectorAll("input[data-weight]")];
  const count = () => {
    const values = marks.map((m) => (/^\d{1,3}(\.\d+)?$/.test(m.value.trim()) ? Number(m.value) : NaN));
    if (values.some((v) => !(v >= 0 && v <= 100))) {
      total.textContent = "填齐后计算";
      return;
    }
    // In whole ten-thousandths, so that 0.1 + 0.2 shows as the server counts it.
    const sum = values.reduce((s, v, n) => s + Math.round(v * 100) * Math.round(Number(marks[n].dataset.weight) * 10000), 0);
    total.textContent = (sum / 1e6).toFixed(2);
  };
  marks.forEach((m) => m.addEventListener("input", count));
  count();
});
