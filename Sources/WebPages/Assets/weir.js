"use strict";
// Everything works without this file; it makes the search answer while one types, follows running crawls, and remembers a theme.
(() => {
  const root = document.documentElement;
  const storage = {
    get() { try { return localStorage.getItem("weir-theme"); } catch { return null; } },
    set(value) { try { localStorage.setItem("weir-theme", value); } catch { /* Private windows may forbid it. */ } },
  };

  // Before the first paint, so that a remembered theme does not flash.
  const remembered = storage.get();
  if (remembered === "dark" || remembered === "light") root.dataset.theme = remembered;

  function setUpTheme() {
    const button = document.querySelector("[data-theme-toggle]");
    button.hidden = false;
    button.addEventListener("click", () => {
      const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
      root.dataset.theme = dark ? "light" : "dark";
      storage.set(root.dataset.theme);
    });
  }

  // MARK: Search

  function setUpSearch(form, results) {
    const input = form.elements.q;
    const status = document.getElementById("search-status");
    let running = null;
    let timer = 0;

    function closeFacetsOnPhones(open) {
      const facets = results.querySelector("details.facets");
      if (facets && matchMedia("(max-width: 52rem)").matches) facets.open = open;
    }

    function addressOfForm() {
      const query = new URLSearchParams();
      for (const [name, value] of new FormData(form)) {
        if (value !== "" && !(name === "sort" && value === "downloads")) query.append(name, value);
      }
      const text = query.toString();
      return text ? "/?" + text : "/";
    }

    // The form says what the address says, also after a link was followed.
    function setForm(address) {
      const query = new URL(address, location.href).searchParams;
      if (document.activeElement !== input) input.value = query.get("q") ?? "";
      form.elements.sort.value = query.get("sort") ?? "downloads";
      for (const old of form.querySelectorAll("input[type=hidden]")) old.remove();
      for (const name of ["hub", "task", "library", "license"]) {
        if (!query.has(name)) continue;
        const field = document.createElement("input");
        field.type = "hidden";
        field.name = name;
        field.value = query.get(name);
        form.append(field);
      }
    }

    async function show(address, remember) {
      running?.abort();
      const mine = running = new AbortController();
      results.setAttribute("aria-busy", "true");
      try {
        const answer = await fetch(address, {
          // A fragment must not be kept under the page's own address.
          cache: "no-store", headers: { Accept: "text/html", "X-Weir-Fragment": "results" }, signal: mine.signal,
        });
        const html = await answer.text();
        if (mine.signal.aborted) return;
        if (/^\s*<!doctype/i.test(html)) { location.assign(address); return; }
        const facetsWereOpen = results.querySelector("details.facets")?.open ?? false;
        results.innerHTML = html;
        closeFacetsOnPhones(facetsWereOpen);
        status.textContent = results.querySelector("[data-status]")?.dataset.status ?? "";
        history[remember](null, "", address);
        document.title = input.value ? `${input.value} · Weir` : "Weir";
      } catch (error) {
        if (error.name === "AbortError") return;
        status.textContent = "The server does not answer.";
      } finally {
        if (running === mine) results.removeAttribute("aria-busy");
      }
    }

    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => show(addressOfForm(), "replaceState"), 80);
    });
    form.elements.sort.addEventListener("change", () => show(addressOfForm(), "replaceState"));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      clearTimeout(timer);
      show(addressOfForm(), "pushState");
    });
    results.addEventListener("click", (event) => {
      const link = event.target.closest("a[data-fragment]");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button !== 0) return;
      event.preventDefault();
      setForm(link.href);
      const inPages = link.closest(".pages");
      show(link.href, "pushState").then(() => {
        const heading = results.querySelector("h2#found");
        if (!heading) return;
        heading.tabIndex = -1;
        heading.focus({ preventScroll: !inPages });
      });
    });
    addEventListener("popstate", () => {
      input.blur();
      setForm(location.href);
      show(location.href, "replaceState");
    });
    document.addEventListener("keydown", (event) => moveBetweenHits(event, input, results));
    closeFacetsOnPhones(false);
  }

  function moveBetweenHits(event, input, results) {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const hits = [...results.querySelectorAll("a[data-hit]")];
    const index = hits.indexOf(document.activeElement);
    if (index < 0 && document.activeElement !== input) return;
    if (index < 0 && event.key === "ArrowUp") return;
    event.preventDefault();
    const next = index + (event.key === "ArrowDown" ? 1 : -1);
    if (next < 0) input.focus();
    else hits[next]?.focus();
  }

  function setUpSlash() {
    document.addEventListener("keydown", (event) => {
      const isTyping = event.target.closest?.("input, textarea, select, [contenteditable]");
      if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      const field = document.querySelector("[data-search]");
      if (!field) return;
      event.preventDefault();
      field.focus();
      field.select();
    });
  }

  // MARK: Crawls

  const number = new Intl.NumberFormat("en");
  const bytes = (count) => {
    const units = ["B", "kB", "MB", "GB", "TB"];
    let unit = 0;
    while (count >= 1000 && unit < units.length - 1) { count /= 1000; unit += 1; }
    const text = unit > 0 && count < 100 ? (Math.floor(count * 10) / 10).toString() : Math.floor(count).toString();
    return `${text} ${units[unit]}`;
  };
  const time = (text) => {
    const date = new Date(text);
    const day = date.toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
    return `${day}, ${date.toISOString().slice(11, 16)} UTC`;
  };

  function setUpCrawls(table) {
    const status = document.getElementById("crawl-status");

    function update(row, crawl) {
      for (const name of ["listed", "added", "updated", "unchanged", "removed", "failed"]) {
        row.querySelector(`[data-field=${name}]`).textContent = number.format(crawl[name] ?? 0);
      }
      row.querySelector("[data-field=bytes]").textContent = bytes(crawl.bytes ?? 0);
      if (crawl.state === "running") return;
      const state = row.querySelector("[data-field=state]");
      if (!state.querySelector("progress")) return;
      const mark = document.createElement("span");
      mark.className = crawl.state === "finished" ? "state finished" : "state interrupted";
      mark.textContent = crawl.state;
      state.replaceChildren(mark);
      if (crawl.finished_at) row.querySelector("[data-field=finished_at]").textContent = time(crawl.finished_at);
      status.textContent = `Crawl ${crawl.id} is ${crawl.state}.`;
    }

    async function poll() {
      let isRunning = true;
      if (!document.hidden) {
        try {
          const answer = await fetch(table.dataset.api, { headers: { Accept: "application/json" } });
          if (answer.ok) {
            const body = await answer.json();
            const crawls = Array.isArray(body) ? body : body.crawls;
            for (const crawl of crawls) {
              const row = table.querySelector(`tr[data-crawl="${Number(crawl.id)}"]`);
              if (row) update(row, crawl);
            }
            isRunning = crawls.some((crawl) => crawl.state === "running");
          }
        } catch { /* The server may be starting again; the next round tells. */ }
      }
      if (isRunning) setTimeout(poll, 2000);
    }
    setTimeout(poll, 2000);
  }

  // MARK: Package pages

  function setUpCopying() {
    if (!navigator.clipboard) return;
    for (const box of document.querySelectorAll(".command")) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = "Copy";
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(box.querySelector("code").textContent);
        button.textContent = "Copied";
        setTimeout(() => { button.textContent = "Copy"; }, 1500);
      });
      box.append(button);
    }
  }

  function setUpLongCard() {
    const card = document.querySelector("[data-card]");
    if (!card || card.scrollHeight < 1600 || location.hash.startsWith("#card-")) return;
    card.classList.add("clamped");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "unfold";
    button.textContent = "Show the whole card";
    const unfold = () => { card.classList.remove("clamped"); button.remove(); };
    button.addEventListener("click", unfold);
    card.addEventListener("focusin", unfold);
    addEventListener("hashchange", () => { if (location.hash.startsWith("#card-")) unfold(); });
    card.after(button);
  }

  // Notes with evidence go away with Escape, as tooltips do.
  function setUpNotes() {
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") document.activeElement?.closest?.(".sourced")?.querySelector(".value")?.blur();
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    setUpTheme();
    setUpSlash();
    const form = document.getElementById("search");
    const results = document.getElementById("results");
    if (form && results) setUpSearch(form, results);
    const crawls = document.querySelector("#crawls[data-running]");
    if (crawls) setUpCrawls(crawls);
    setUpCopying();
    setUpLongCard();
    setUpNotes();
  });
})();
