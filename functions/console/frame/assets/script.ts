// The console's one script, served as /assets/script.js. It looks every two seconds whether the page has changed and
// brings in what has, leaving alone what a person has typed, opened or put the focus on. Every page works without it.
export const script = `"use strict";
(() => {
  const everyMs = 2000;
  document.documentElement.classList.add("js");

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    const text = button && document.getElementById(button.dataset.copy);
    if (!text) return;
    const word = button.textContent;
    try {
      await navigator.clipboard.writeText(text.textContent);
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(text);
      button.textContent = "Marked: copy it";
    }
    setTimeout(() => { button.textContent = word; }, 2000);
  });

  /* The token comes behind the #, which browsers keep to themselves, and does not stay in the history. */
  function signIn() {
    const given = /^#token=([\\w-]+)$/.exec(location.hash);
    if (!given) return;
    history.replaceState(null, "", location.pathname + location.search);
    const form = document.getElementById("sign-in");
    if (!form) return;
    form.elements.token.value = given[1];
    form.submit();
  }
  addEventListener("hashchange", signIn);
  signIn();

  const main = document.querySelector("main[data-poll]");
  if (!main) return;
  const lost = document.getElementById("lost");
  let etag = main.dataset.etag;
  let timer;

  async function look() {
    clearTimeout(timer);
    if (document.hidden) return;
    try {
      const answer = await fetch(location.href, {
        headers: { "x-groundcrew-part": "main", "if-none-match": etag },
        cache: "no-store",
        redirect: "error",
      });
      if (answer.status === 200) {
        const fresh = document.createElement("template");
        fresh.innerHTML = await answer.text();
        if (!document.hidden) {
          etag = answer.headers.get("etag");
          children(main, fresh.content);
        }
      }
      tell(answer.status === 200 || answer.status === 304 ? "" :
        answer.status === 401 ? "The session has ended. Run npx groundcrew start and open the address that it prints." :
        "This page could not be brought up to date (" + answer.status + "). It shows how things were before.");
    } catch {
      tell("The console does not answer. This page shows how things were before.");
    }
    timer = setTimeout(look, everyMs);
  }

  function tell(text) {
    if (lost.textContent !== text) lost.textContent = text;
    lost.hidden = text === "";
  }

  /* Makes the nodes below one like those below another, keeping every node that can stay. */
  function children(from, to) {
    const wanted = new Set();
    for (const child of to.children) if (child.id) wanted.add(child.id);
    const kept = new Map();
    for (const child of [...from.children]) {
      if (!child.id) continue;
      if (wanted.has(child.id)) kept.set(child.id, child);
      else child.remove();
    }
    let at = from.firstChild;
    for (const next of [...to.childNodes]) {
      const same = next.id ? kept.get(next.id) : undefined;
      if (same) {
        if (same === at) at = at.nextSibling;
        else from.insertBefore(same, at);
        node(same, next);
      } else if (at && !next.id && !at.id && at.nodeType === next.nodeType && at.nodeName === next.nodeName) {
        const after = at.nextSibling;
        node(at, next);
        at = after;
      } else from.insertBefore(document.importNode(next, true), at);
    }
    while (at) {
      const after = at.nextSibling;
      at.remove();
      at = after;
    }
  }

  function node(from, to) {
    if (from.nodeType !== Node.ELEMENT_NODE) {
      if (from.data !== to.data) from.data = to.data;
      return;
    }
    if (from.nodeName !== to.nodeName) {
      from.replaceWith(document.importNode(to, true));
      return;
    }
    const own = (name) => name === "open" && from.nodeName === "DETAILS";
    for (const { name, value } of to.attributes)
      if (!own(name) && from.getAttribute(name) !== value) from.setAttribute(name, value);
    for (const { name } of [...from.attributes])
      if (!own(name) && !to.hasAttribute(name)) from.removeAttribute(name);
    if (from.nodeName === "TEXTAREA" || from.nodeName === "SELECT" || "copy" in from.dataset) return;
    children(from, to);
  }

  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  timer = setTimeout(look, everyMs);
})();
`;
