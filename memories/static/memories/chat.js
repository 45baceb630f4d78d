// The chat's comforts: streaming, keys, draft. Everything on the page works without this file.
(() => {
  "use strict";

  const turns = document.getElementById("turns");
  const form = document.getElementById("compose");
  if (!turns || !form) return;
  const box = document.getElementById("message");
  const send = document.getElementById("send-button");
  const stop = document.getElementById("stop");
  const stopButton = document.getElementById("stop-button");
  const problem = document.getElementById("problem");
  const count = document.getElementById("count");
  const announce = document.getElementById("announce");
  const nearTheEnd = () => innerHeight + scrollY > document.documentElement.scrollHeight - 160;
  const toTheEnd = () => scrollTo({ top: document.documentElement.scrollHeight });

  // --- The composer: grows, counts, keeps a draft in this tab alone -------------------------------------------------
  const place = () => `draft:${form.dataset.chat || "new"}`;
  const fit = () => {
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight + 2, innerHeight * 0.4)}px`;
    const length = [...box.value.trim()].length;
    const limit = Number(box.dataset.limit);
    count.textContent = length > limit * 0.9 ? `${length.toLocaleString("en")} of ${limit.toLocaleString("en")}` : "";
    count.classList.toggle("over", length > limit);
  };
  const keep = () => {
    if (box.value) sessionStorage.setItem(place(), box.value);
    else sessionStorage.removeItem(place());
  };
  box.addEventListener("input", () => { fit(); keep(); });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit(send);
  });
  // Another person's, who was signed in on this tab before: their session may have ended without a word to it.
  if (sessionStorage.getItem("whose") !== form.dataset.whose) sessionStorage.clear();
  sessionStorage.setItem("whose", form.dataset.whose);
  if (!box.value) box.value = sessionStorage.getItem(place()) || "";
  fit();

  // --- Keys ---------------------------------------------------------------------------------------------------------
  document.addEventListener("keydown", (event) => {
    const cancel = event.key === "Escape" && !event.isComposing && event.target.closest("form[data-rerun]")?.querySelector("[data-cancels]");
    if (cancel) { event.preventDefault(); cancel.click(); return; }
    if (event.key === "Escape" && !stopButton.hidden && !document.querySelector("dialog[open], details.menu[open]")) {
      event.preventDefault();
      stop.requestSubmit();
    }
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      location.assign(document.querySelector("[data-search-chats]").href);
    }
  });

  // --- Sending ------------------------------------------------------------------------------------------------------
  let sending = false;
  const say = (words) => { problem.textContent = words; problem.hidden = !words; };
  const random = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (sending) return;
    const data = new FormData(form);
    const answer = event.submitter && event.submitter.name === "message" ? event.submitter.value : "";
    if (answer) data.set("message", answer);
    else if (!box.value.trim()) { box.focus(); return; }
    sending = true;
    send.setAttribute("aria-disabled", "true");
    say("");
    try {
      const response = await fetch(form.action, { method: "POST", body: data, headers: { "X-Chat": "script" } });
      if (response.ok && !response.redirected) { sent(await response.text(), !answer); return; }
      say(await refusal(response));
    } catch {
      // The key in the form stays the same, so that pressing Send again cannot store the message twice.
      say("The site cannot be reached just now. Your message is still here; try again in a moment.");
    } finally {
      sending = false;
      send.removeAttribute("aria-disabled");
    }
  });

  const refusal = async (response) => {
    if (response.status === 422) return response.text();
    if (response.status === 403 || response.redirected) return "You are no longer signed in, or this page is old. Copy your message, reload the page and send it again.";
    if (response.status === 404) return "This chat is gone. Copy your message and start a new chat.";
    if (response.status === 413) return "That is far too long for one message. It is still here; shorten it, or send it in parts.";
    if (response.status === 429) return "That was a lot at once. Wait a moment and send it again.";
    return "That did not work. Your message is still here; try again in a moment.";
  };

  const sent = (html, typed) => {
    const part = new DOMParser().parseFromString(html, "text/html").getElementById("sent");
    if (!part) { location.reload(); return; }
    if (!form.dataset.chat) {
      // A new chat has its place now; the rest of the page (memory mode, options) comes with the next load.
      sessionStorage.removeItem(place());
      history.replaceState(null, "", part.dataset.url);
      form.action = part.dataset.url;
      form.dataset.chat = part.dataset.chat;
      stop.action = `${part.dataset.url}stop/`;
      document.getElementById("room-title").textContent = part.dataset.title;
      document.title = `${part.dataset.title} · memsite`;
      document.getElementById("empty")?.remove();
      settle(part.dataset.mode);
    }
    document.querySelector(".chat > .side").replaceChildren(...part.querySelector('[data-part="side"]').childNodes);
    document.querySelectorAll(".answers").forEach((old) => old.remove());
    form.elements.nonce.value = random();
    if (typed) { box.value = ""; keep(); fit(); }
    for (const turn of [...part.querySelector('[data-part="turns"]').children]) {
      if (document.getElementById(turn.id)) continue;
      turns.append(turn);
      ready(turn);
    }
    toTheEnd();
    box.focus();
  };

  // After the first message the mode of a chat is chosen: what can still be changed comes from the server.
  const settle = async (mode) => {
    const page = await fetch(form.action, { headers: { "X-Chat": "settle" } });
    if (!page.ok) return;
    const fresh = new DOMParser().parseFromString(await page.text(), "text/html");
    const row = fresh.querySelector("#compose .modes, #compose .chip.warn");
    const old = form.querySelector(".modes");
    if (row && old) old.replaceWith(row);
    const change = fresh.getElementById("mode");
    if (change && !document.getElementById("mode")) form.after(change);
    for (const name of [".room", ".temporary-note"]) {
      const now = fresh.querySelector(name);
      const before = document.querySelector(name);
      if (now && before) before.replaceWith(now);
      else if (now) document.querySelector(".room").after(now);
    }
    document.querySelector(".thread").classList.toggle("temporary", mode === "temporary");
  };

  // --- Following a reply --------------------------------------------------------------------------------------------
  const streams = new Set();
  const tried = new Map();
  const busy = () => { stopButton.hidden = streams.size === 0; };

  // Where the next words most likely belong, until the server has rendered them.
  const lastLine = (element) => {
    const last = element.lastElementChild;
    return last && /^(P|UL|OL|LI|PRE|CODE|BLOCKQUOTE|H[2-6])$/.test(last.tagName) ? lastLine(last) : element;
  };

  const follow = (turn) => {
    const source = new EventSource(turn.dataset.stream);
    const id = turn.id;
    streams.add(id);
    busy();
    const here = () => document.getElementById(id);
    const text = () => here() && here().querySelector(".text");
    const data = (event) => JSON.parse(event.data);
    const steady = (change) => { const follows = nearTheEnd(); change(); if (follows) toTheEnd(); };

    source.addEventListener("html", (event) => steady(() => { if (text()) text().innerHTML = data(event).html; }));
    source.addEventListener("text", (event) => steady(() => {
      if (!text()) return;
      let tail = text().querySelector(".tail");
      if (!tail) { tail = document.createElement("span"); tail.className = "tail"; lastLine(text()).append(tail); }
      tail.append(data(event).text);
    }));
    source.addEventListener("thought", (event) => {
      const folded = here() && here().querySelector(".thinking");
      if (!folded) return;
      folded.hidden = false;
      folded.querySelector(".thoughts").append(data(event).text);
    });
    source.addEventListener("turn", (event) => steady(() => {
      const { id: spot, html } = data(event);
      const fresh = put(spot, html);
      if (fresh && spot === id) { ended(); tell(fresh); }
    }));
    const ended = () => { streams.delete(id); busy(); };
    source.addEventListener("end", async () => {
      source.close();
      ended();
      if (!here() || !here().dataset.stream) return;
      // The stream ended without the finished turn (a database that did not answer, say): asked for once more.
      tried.set(id, (tried.get(id) || 0) + 1);
      const answer = tried.get(id) > 3 ? null : await fetch(turn.dataset.stream.replace(/stream\/$/, ""), { headers: { "HX-Request": "true" } }).catch(() => null);
      if (answer && answer.ok) put(id, await answer.text());
      else say("This reply could not be shown to its end. Reload the page; nothing was lost.");
    });
    let failures = 0;
    source.addEventListener("open", () => { failures = 0; });
    source.addEventListener("error", () => {
      // The browser tries again by itself; after a while the page says what to do.
      failures += 1;
      if (source.readyState === EventSource.CLOSED || failures > 5) {
        source.close();
        ended();
        say("The connection was lost. Reload the page to see the reply; nothing was lost.");
      }
    });
  };

  // A turn as the server has it now, in its place; not while the person is just doing something with it.
  const put = (spot, html) => {
    const fresh = new DOMParser().parseFromString(html, "text/html").querySelector(".turn");
    const old = document.getElementById(spot);
    if (!fresh || !old || old.querySelector(".htmx-request, .correct[open]")) return null;
    old.replaceWith(fresh);
    ready(fresh);
    return fresh;
  };

  const tell = (turn) => {
    const words = turn.querySelector(".text").textContent.trim();
    const trouble = turn.querySelector('[role="alert"]');
    announce.textContent = trouble ? "" : `Assistant: ${words.length > 600 ? `${words.slice(0, 600)}…` : words}`;
  };

  stop.addEventListener("submit", (event) => {
    event.preventDefault();
    stopButton.setAttribute("aria-disabled", "true");
    fetch(stop.action, { method: "POST", body: new FormData(stop), headers: { "X-Chat": "script" } })
      .finally(() => stopButton.removeAttribute("aria-disabled"));
    box.focus();
  });

  // --- Each turn: follow, copy --------------------------------------------------------------------------------------
  const button = (label, name, from) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = `btn quiet ${name}`;
    made.textContent = label;
    made.addEventListener("click", async () => {
      try { await navigator.clipboard.writeText(from()); made.textContent = "Copied"; }
      catch { made.textContent = "Could not copy"; }
      setTimeout(() => { made.textContent = label; }, 1500);
    });
    return made;
  };

  const words = (text) => {
    const inside = text.querySelectorAll("button");
    inside.forEach((one) => { one.hidden = true; });
    const told = text.innerText.trim();
    inside.forEach((one) => { one.hidden = false; });
    return told;
  };

  // htmx announces what it has taken in, so a turn may come here twice.
  const seen = new WeakSet();
  const ready = (turn) => {
    if (seen.has(turn)) return;
    seen.add(turn);
    if (turn.dataset.stream) { follow(turn); }
    else {
      const acts = turn.querySelector(".under.acts, .under > .acts");
      const text = turn.querySelector(":scope > .text");
      if (acts && text && text.textContent.trim() && !acts.querySelector(".copy")) acts.prepend(button("Copy", "copy", () => words(text)));
      turn.querySelectorAll(".markdown pre").forEach((code) => {
        const frame = document.createElement("div");
        frame.className = "code";
        code.replaceWith(frame);
        code.tabIndex = 0;
        frame.append(code, button("Copy", "copy-code", () => code.textContent));
      });
    }
    turn.querySelectorAll("form[data-rerun]").forEach((rerun) => {
      const mark = document.createElement("input");
      mark.type = "hidden"; mark.name = "scripted"; mark.value = "1";
      rerun.append(mark);
    });
    // What can be put back for a moment is not offered any longer than that.
    const offer = turn.querySelector("form[data-passes]");
    if (offer) setTimeout(() => {
      if (!offer.isConnected || offer.matches(".htmx-request")) return;
      const held = offer.contains(document.activeElement);
      offer.querySelector("button").remove();
      offer.querySelector(".chip").textContent = "Forgotten.";
      if (held) box.focus();
    }, Number(offer.dataset.passes) * 1000);
    if (window.htmx) window.htmx.process(turn);
  };

  turns.querySelectorAll(".turn").forEach(ready);
  document.body.addEventListener("htmx:load", (event) => {
    if (event.target.classList?.contains("turn")) ready(event.target);
  });
  // What was done to a memory under a reply is seen there: the list stays open, and the focus where it was.
  let opened = "";
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    opened = event.detail.target.matches?.(".turn:has(.sources[open])") ? event.detail.target.id : "";
  });
  document.body.addEventListener("htmx:afterSettle", (event) => {
    const sources = opened && event.target.id === opened && event.target.querySelector(".sources");
    if (!sources) return;
    sources.open = true;
    if (document.activeElement !== document.body) return;
    const path = event.detail.pathInfo.requestPath;
    (sources.querySelector(`form[action="${path}"] button`) || sources.querySelector("summary")).focus({ preventScroll: true });
  });
  if (turns.querySelector("[autofocus]")) turns.querySelector("[autofocus]").scrollIntoView({ block: "center" });
  else if (location.hash === "" && turns.querySelector(".turn")) toTheEnd();
})();
