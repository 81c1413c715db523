// The board is drawn from its own tables and read again every 15 seconds while somebody looks at it.
"use strict";

const EVERY = 15_000;
const IDLE = 30 * 60_000;
const RED = "#b5121b";
const GREY = "#9aa5b1";
const ORANGE = "#d97706";
const charts = [];

document.addEventListener("DOMContentLoaded", () => {
  draw();
  document.querySelectorAll("[name=view]").forEach((r) => r.addEventListener("change", () => charts.forEach((c) => c.resize())));
  window.addEventListener("resize", () => charts.forEach((c) => c.resize()));
  keepFresh();
});

function draw() {
  charts.splice(0).forEach((chart) => chart.dispose());
  if (!window.echarts) return;
  document.querySelectorAll("#board-live [data-bars]").forEach(drawBars);
  document.querySelectorAll("#board-live [data-spans]").forEach(drawSpans);
}

function start(place, height) {
  place.style.height = `${height}px`;
  const chart = window.echarts.init(place, null, { renderer: "svg" });
  charts.push(chart);
  return chart;
}

// Second column: how many; third: how many of them are late; fourth, if its head says so: how many more are expected to be.
function drawBars(place) {
  const table = document.getElementById(place.dataset.bars);
  const most = Number(place.dataset.most || 50);
  const rows = [...table.tBodies[0].rows].slice(0, most).map((row) => [...row.cells].map((cell, n) => (n ? cell.textContent : cell.firstChild.textContent).trim()));
  const expects = table.tHead.rows[0].cells[3].textContent.includes("还将超期");
  const number = (text) => Number(text.replace(/[^0-9.]/g, "")) || 0;
  const name = (row) => row[0];
  const late = rows.map((row) => number(row[2]));
  const soon = rows.map((row) => (expects ? number(row[3]) : 0));
  const others = rows.map((row, n) => Math.max(0, number(row[1]) - late[n] - soon[n]));
  const parts = [["已超期", late, RED], ...(expects ? [["预计还将超期", soon, ORANGE]] : []), ["其余", others, GREY]];
  start(place, Math.max(160, rows.length * 26 + 60)).setOption({
    animation: false,
    grid: { left: 8, right: 40, top: 34, bottom: 8, containLabel: true },
    legend: { top: 4, left: 0, selectedMode: false },
    xAxis: { type: "value", minInterval: 1 },
    yAxis: { type: "category", inverse: true, data: rows.map(name), axisTick: { show: false }, axisLabel: { width: 150, overflow: "truncate" } },
    series: parts.map(([title, data, color]) => ({
      name: title,
      type: "bar",
      stack: "all",
      color,
      barMaxWidth: 14,
      data,
      label: { show: true, position: "inside", color: "#fff", formatter: (p) => (p.value ? String(p.value) : "") },
    })),
  });
}

// Each step: pale what the notice leaves it, dark when it was indeed begun and ended; today as a line.
function drawSpans(place) {
  const data = JSON.parse(document.getElementById(place.dataset.spans).textContent);
  const day = (text) => new Date(`${text}T00:00:00`).getTime();
  const DAY = 86_400_000;
  const bar = (top, tall) => (params, api) => {
    const from = api.coord([api.value(0), api.value(2)]);
    const to = api.coord([api.value(1), api.value(2)]);
    const high = api.size([0, 1])[1];
    const shape = window.echarts.graphic.clipRectByRect(
      { x: from[0], y: from[1] - high / 2 + high * top, width: Math.max(2, to[0] - from[0]), height: high * tall },
      params.coordSys,
    );
    return shape && { type: "rect", shape, style: { fill: api.visual("color") } };
  };
  const planned = data.rows.map((r, n) => [day(r.planned[0]), day(r.planned[1]) + DAY, n]);
  const actual = data.rows.flatMap((r, n) => (r.actual ? [{ value: [day(r.actual[0]), day(r.actual[1]) + DAY, n], itemStyle: { color: r.late ? RED : "#19703a" } }] : []));
  const until = Math.max(day(data.today) + 7 * DAY, ...planned.map((p) => p[1]).filter((end) => end < day(data.issued) + 75 * DAY));
  start(place, data.rows.length * 26 + 130).setOption({
    animation: false,
    grid: { left: 8, right: 24, top: 54, bottom: 52, containLabel: true },
    legend: { top: 4, left: 0, selectedMode: false, data: [{ name: "通知的日期" }, { name: "实际（按期）" }, { name: "实际（有超期）" }] },
    dataZoom: [{ type: "slider", filterMode: "none", startValue: day(data.issued) - DAY, endValue: until, bottom: 8, height: 18, labelFormatter: "" }],
    xAxis: { type: "time", min: day(data.issued) - DAY, max: Math.max(...planned.map((p) => p[1])) + DAY, axisLabel: { formatter: "{M}月{d}日", hideOverlap: true } },
    yAxis: { type: "category", inverse: true, data: data.rows.map((r) => r.label), axisTick: { show: false }, axisLabel: { width: 130, overflow: "truncate" } },
    series: [
      { name: "通知的日期", type: "custom", color: "#cdd5de", renderItem: bar(0.12, 0.34), encode: { x: [0, 1], y: 2 }, data: planned },
      { name: "实际（按期）", type: "custom", color: "#19703a", renderItem: bar(0.52, 0.34), encode: { x: [0, 1], y: 2 }, data: actual },
      { name: "实际（有超期）", type: "custom", color: RED, renderItem: () => null, data: [] },
      {
        type: "line",
        data: [],
        markLine: { silent: true, symbol: "none", lineStyle: { color: "#1d5fa8", width: 2, type: "solid" }, label: { formatter: "今天", color: "#1d5fa8", position: "start" }, data: [{ xAxis: day(data.today) + DAY / 2 }] },
      },
    ],
  });
}

// --- live ---------------------------------------------------------------------------------------------------------

function keepFresh() {
  let active = Date.now();
  let shown = null;
  const told = document.getElementById("board-read");
  ["pointerdown", "keydown", "wheel", "touchstart"].forEach((kind) => document.addEventListener(kind, () => (active = Date.now()), { passive: true }));
  const timer = setInterval(async () => {
    if (document.hidden) return;
    if (Date.now() - active > IDLE) {
      told.textContent = "半小时没有操作，已停止自动更新。";
      clearInterval(timer);
      return;
    }
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" }, redirect: "error" });
      if (!answer.ok) throw new Error(String(answer.status));
      const read = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = read.getElementById("board-live").innerHTML;
      if (fresh !== shown) replace(fresh);
      shown = fresh;
      told.textContent = read.getElementById("board-read").textContent;
    } catch {
      told.textContent = "暂时读不到最新情况，下面是先前的；请点刷新。";
    }
  }, EVERY);
}

function live() {
  return document.getElementById("board-live");
}

// What has the focus keeps it: the same link is found again by where it leads.
function replace(html) {
  const held = live().contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  live().innerHTML = html;
  if (held) [...live().querySelectorAll("a[href]")].find((a) => a.getAttribute("href") === held)?.focus({ preventScroll: true });
  draw();
}
