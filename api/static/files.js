// What do scripts add to the list of documents? Progress, dropping files, and a list that is renewed in place.
"use strict";

(() => {
  if (window.filesListens) return;
  window.filesListens = true;
  const LARGEST = 20 * 1024 * 1024;
  const MOST = 64 * 1024 * 1024;

  const card = () => document.querySelector(".files-card");

  function say(text) {
    const place = card().querySelector(".files-said");
    const note = document.createElement("div");
    note.className = "note bad";
    note.textContent = text;
    place.replaceChildren(note);
    place.scrollIntoView({ block: "nearest" });
  }

  function wrong(files) {
    const large = files.find((f) => f.size > LARGEST);
    if (large) return `文件“${large.name}”超过20MB。请压缩、拆分或降低扫描精度后再上传。`;
    const total = files.reduce((sum, f) => sum + f.size, 0);
    if (total > MOST) return "一次提交的文件合计不能超过64MB。请分几次上传。";
    return "";
  }

  function renew(text) {
    const fresh = new DOMParser().parseFromString(text, "text/html").querySelector(".files-card");
    if (!fresh) return false;
    fresh.querySelectorAll("script").forEach((s) => s.remove());
    card().replaceWith(fresh);
    const said = fresh.querySelector(".files-said");
    if (said.textContent.trim()) said.scrollIntoView({ block: "nearest" });
    return true;
  }

  function send(form, body) {
    const bar = form.querySelector("progress");
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("X-Part", "files");
    if (bar) {
      bar.hidden = false;
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) bar.value = (100 * event.loaded) / event.total;
      });
    }
    const end = () => {
      delete form.dataset.sent;
      if (bar) bar.hidden = true;
    };
    request.addEventListener("load", () => {
      end();
      if (request.status === 200 && renew(request.responseText)) return;
      say(request.status === 401 ? "登录已经失效，请重新登录后再上传。" : "没有上传成功，请刷新页面后再试。");
    });
    request.addEventListener("error", () => {
      end();
      say("网络中断，没有上传成功。请检查网络后再试。");
    });
    request.send(body);
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!("files" in form.dataset) || event.defaultPrevented) return;
    event.preventDefault();
    const body = new FormData(form, event.submitter);
    const files = body.getAll("file").filter((f) => f.size || f.name);
    const problem = form.querySelector("input[type=file]") && wrong(files);
    if (problem) {
      delete form.dataset.sent;
      say(problem);
      return;
    }
    send(form, body);
  });

  // A chosen file goes at once, unless it has to be said that it is a sealed scan.
  document.addEventListener("change", (event) => {
    const form = event.target.closest && event.target.closest("form[data-files]");
    if (form && event.target.type === "file" && event.target.files.length && !form.querySelector("input[type=checkbox]")) {
      form.requestSubmit();
    }
  });

  const rowOf = (event) => event.target.closest && event.target.closest(".files-row");
  document.addEventListener("dragover", (event) => {
    const row = rowOf(event);
    if (!row || !row.querySelector("input[type=file]")) return;
    event.preventDefault();
    row.classList.add("over");
  });
  document.addEventListener("dragleave", (event) => {
    const row = rowOf(event);
    if (row && !row.contains(event.relatedTarget)) row.classList.remove("over");
  });
  document.addEventListener("drop", (event) => {
    const row = rowOf(event);
    const input = row && row.querySelector("input[type=file]");
    if (!input) return;
    event.preventDefault();
    row.classList.remove("over");
    input.files = event.dataTransfer.files;
    input.form.requestSubmit();
  });
})();
