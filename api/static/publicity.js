// What do scripts add to the page of reports? The two tables as charts, above the tables themselves.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  if (typeof echarts === "undefined") return;
  document.querySelectorAll("[data-chart]").forEach((place) => {
    const rows = [...document.querySelectorAll(`#${place.dataset.chart} tbody tr`)].slice(0, 12);
    const cells = rows.map((row) => [...row.cells].map((cell) => cell.textContent.trim()));
    if (!cells.length) return;
    place.hidden = false;
    const chart = echarts.init(place);
    chart.setOption({
      animation: false,
      grid: { left: 4, right: 16, top: 16, bottom: 4, containLabel: true },
      xAxis: { type: "category", data: cells.map((c) => c[0]), axisLabel: { interval: 0, width: 60, overflow: "truncate" } },
      yAxis: { type: "value", minInterval: 1 },
      series: [{ type: "bar", data: cells.map((c) => Number(c[1])), barMaxWidth: 32, itemStyle: { color: "#b5121b" }, label: { show: true, position: "top" } }],
    });
    window.addEventListener("resize", () => chart.resize());
  });
});
