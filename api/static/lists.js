// Draw the tables of a list's composition as bars; the tables stay. The figures are read from them.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("[data-print]").forEach((b) => b.addEventListener("click", () => window.print()));
  if (!window.echarts) return;
  document.querySelectorAll("table[data-chart]").forEach(draw);
});

function draw(table) {
  const place = table.parentElement.querySelector(".chart");
  const heads = [...table.tHead.rows[0].cells].slice(1).map((c) => c.textContent);
  const rows = [...table.tBodies[0].rows].map((r) => [...r.cells].map((c) => c.textContent.trim()));
  const chart = window.echarts.init(place, null, { renderer: "svg" });
  place.style.height = `${Math.max(160, rows.length * 34 + 70)}px`;
  chart.resize();
  chart.setOption({
    animation: false,
    color: ["#b5121b", "#9aa5b1"],
    grid: { left: 8, right: 40, top: 34, bottom: 8, containLabel: true },
    legend: { top: 0, left: 0, data: heads },
    xAxis: { type: "value", minInterval: 1 },
    yAxis: {
      type: "category",
      inverse: true,
      data: rows.map((r) => r[0]),
      axisLabel: { width: 120, overflow: "truncate" },
    },
    series: heads.map((name, i) => ({
      name,
      type: "bar",
      barMaxWidth: 12,
      label: { show: true, position: "right" },
      data: rows.map((r) => Number(r[i + 1])),
    })),
  });
  window.addEventListener("resize", () => chart.resize());
}
