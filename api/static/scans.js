// What do scripts add to the page of scans? Files dropped on it, one by one with progress, and no second choosing of
// a file that has to be put somewhere by hand.
"use strict";

(() => {
  const form = document.querySelector("[data-scans]");
  if (!form) return;
  const LARGEST = 20 * 1024 * 1024;
  const input = form.querySelector("input[type=file]");
  const progress = form.querySelector(".scan-progress");
  const results = document.getElementById("results");
  const rows = results.querySelector("tbody");
  const held = new WeakMap();

  function rowsOf(text) {
    const table = document.createElement("table");
    const parsed = new DOMParser().parseFromString(`<table><tbody>${text}</tbody></table>`, "text/html");
    parsed.querySelectorAll("script").forEach((s) => s.remove());
    table.append(...parsed.querySelectorAll("tr"));
    return [...table.children];
  }

  function told(name, text) {
    const row = document.createElement("tr");
    const cells = [name, "—", "—", text].map((content, i) => {
      const cell = document.createElement("td");
      cell.dataset.label = ["文件", "人选", "材料", "结果"][i];
      cell.textContent = content;
      return cell;
    });
    row.append(...cells);
    return [row];
  }

  function keep(shown, file) {
    shown.forEach((row) => {
      const choice = row.querySelector("[data-by-hand]");
      if (!choice) return;
      held.set(choice, file);
      const again = choice.querySelector(".scan-again");
      again.classList.add("held");
      again.querySelector("input").disabled = true;
    });
    return shown;
  }

  async function send(address, body, file) {
    try {
      const answer = await fetch(address, { method: "POST", body, headers: { "X-Part": "scans" } });
      if (answer.ok) return keep(rowsOf(await answer.text()), file);
      if (answer.status === 401) return told(file.name, "登录已经失效，请重新登录后再上传。");
      if (answer.status === 413) return told(file.name, "文件超过20MB，请拆分或降低扫描精度后再上传。");
      return told(file.name, "没有办理成功，请稍后再试。");
    } catch {
      return told(file.name, "没有传上去，请检查网络后再试。");
    }
  }

  async function take(files) {
    const bar = progress.querySelector("progress");
    const said = progress.querySelector("[role=status]");
    progress.hidden = false;
    results.hidden = false;
    for (const [i, file] of files.entries()) {
      said.textContent = `正在识别第 ${i + 1} 份，共 ${files.length} 份`;
      bar.value = (100 * i) / files.length;
      if (file.size > LARGEST) {
        rows.append(...told(file.name, "文件超过20MB，请拆分或降低扫描精度后再上传。"));
        continue;
      }
      const body = new FormData();
      body.append("csrf", form.elements.csrf.value);
      body.append("file", file);
      rows.append(...(await send(form.action, body, file)));
    }
    bar.value = 100;
    const waiting = rows.querySelectorAll("[data-by-hand]").length;
    said.textContent = `识别完毕，共 ${files.length} 份${waiting ? `，其中 ${waiting} 处待选择` : ""}`;
    input.value = "";
  }

  form.addEventListener("submit", (event) => {
    if (!input.files.length) return;
    event.preventDefault();
    event.stopPropagation();
    take([...input.files]);
  });
  form.addEventListener("dragover", (event) => {
    event.preventDefault();
    form.classList.add("over");
  });
  form.addEventListener("dragleave", () => form.classList.remove("over"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("over");
    if (event.dataTransfer.files.length) take([...event.dataTransfer.files]);
  });

  rows.addEventListener("submit", async (event) => {
    const choice = event.target;
    const file = held.get(choice);
    if (!file) return;
    event.preventDefault();
    event.stopPropagation();
    const body = new FormData(choice);
    body.append("file", file);
    choice.querySelector("button").disabled = true;
    choice.closest("tr").replaceWith(...(await send(choice.action, body, file)));
  });
})();
