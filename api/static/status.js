// Shows the parts anew every ten seconds while somebody looks; without scripts the page is simply reloaded.
const EVERY = 10000;

async function refresh() {
  const shown = document.querySelector("[data-live]");
  if (document.visibilityState !== "visible" || !shown) return;
  try {
    const answer = await fetch(shown.dataset.live, { redirect: "error" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = answer.ok && page.getElementById(shown.id);
    if (fresh) shown.replaceWith(fresh);
    else if (answer.ok) location.reload(); // it has come to its end
    shown.classList.toggle("stale", !fresh);
  } catch {
    shown.classList.add("stale");
  }
}

setInterval(refresh, EVERY);
