// The names near the cut as points with their spread; the table below says the same.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const place = document.getElementById("ranking-chart");
  if (!place || !window.echarts) return;
  const data = JSON.parse(document.getElementById(place.dataset.from).textContent);
  place.style.height = `${60 + 22 * data.names.length}px`;
  const chart = window.echarts.init(place);
  const spread = (params, api) => {
    const from = api.coord([api.value(0), api.value(2)]);
    const to = api.coord([api.value(1), api.value(2)]);
    return { type: "line", shape: { x1: from[0], y1: from[1], x2: to[0], y2: to[1] }, style: { stroke: "#59636f", lineWidth: 2 } };
  };
  const isCut = data.cut > 0 && data.cut < data.names.length;
  chart.setOption({
    animation: false,
    grid: { left: 8, right: 24, top: 8, bottom: 8, containLabel: true },
    xAxis: { type: "value", scale: true, name: "得分", nameLocation: "end" },
    yAxis: [
      { type: "category", inverse: true, data: data.names, axisTick: { show: false } },
      { type: "value", inverse: true, min: 0, max: data.names.length, show: false },
    ],
    series: [
      { type: "custom", renderItem: spread, data: data.low.map((low, n) => [low, data.high[n], n]), encode: { x: [0, 1], y: 2 } },
      { type: "scatter", symbolSize: 9, itemStyle: { color: "#b5121b" }, data: data.scores.map((score, n) => [score, n]) },
      {
        type: "line",
        yAxisIndex: 1,
        data: [],
        markLine: {
          silent: true,
          symbol: "none",
          lineStyle: { color: "#1d5fa8", type: "dashed" },
          label: { formatter: "名额分界", position: "insideEndTop", color: "#1d5fa8" },
          data: isCut ? [{ yAxis: data.cut }] : [],
        },
      },
    ],
  });
  window.addEventListener("resize", () => chart.resize());
});
