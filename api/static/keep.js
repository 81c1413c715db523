// Keeps what is typed into a form that names where (`data-keep`), three seconds after the last key.
"use strict";

const KEEP_AFTER = 3000;

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("form[data-keep]").forEach(keepWhatIsTyped);
});

function keepWhatIsTyped(form) {
  const status = document.getElementById("kept");
  let timer = 0;
  let waiting = false;
  let leaving = false;
  let sending = null;

  const say = (text, failed) => {
    status.textContent = text;
    status.classList.toggle("failed", failed);
  };
  const keep = async (last) => {
    clearTimeout(timer);
    if (!waiting || leaving) return;
    waiting = false;
    sending = new AbortController();
    const body = new URLSearchParams(new FormData(form));
    const options = { method: "POST", body, headers: { Accept: "application/json" } };
    try {
      const answer = await fetch(form.dataset.keep, last ? { ...options, keepalive: true } : { ...options, signal: sending.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      say(`已自动保存 ${(await answer.json()).saved_at}`, false);
    } catch (error) {
      if (leaving) return;
      waiting = true;
      say("自动保存失败，请先手工保存", true);
    }
  };
  const later = () => {
    waiting = true;
    clearTimeout(timer);
    timer = setTimeout(() => keep(false), KEEP_AFTER);
  };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("submit", () => {
    leaving = true;
    clearTimeout(timer);
    if (sending) sending.abort();
  });
  window.addEventListener("pagehide", () => keep(true));
  window.addEventListener("pageshow", () => (leaving = false));
}
