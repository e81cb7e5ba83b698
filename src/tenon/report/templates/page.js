"use strict";
(() => {
  const widths = JSON.parse(document.getElementById("label-widths").textContent);
  const drawn = new Map();

  // Labels of a map are placed for several widths; show the set made for the next smaller one.
  function fitLabels(view) {
    const width = view.model.inner_width || 0;
    const best = widths.filter((candidate) => candidate <= width).pop() ?? widths[0];
    for (const renderer of view.model.renderers) {
      const [kind, size] = (renderer.name ?? "").split("-");
      if (kind === "labels") {
        renderer.visible = Number(size) === best;
      } else if (kind === "sizes") {
        renderer.visible = width >= 600;
      }
    }
  }

  async function draw(script) {
    const name = script.dataset.plot;
    if (drawn.has(name)) {
      return;
    }
    drawn.set(name, null);
    const views = await Bokeh.embed.embed_item(JSON.parse(script.textContent));
    const view = views.get_by_id?.(views.roots?.[0]?.model.id) ?? [...views][0];
    drawn.set(name, view);
    if (view.model.name === "map") {
      fitLabels(view);
      view.model.properties.inner_width.change.connect(() => fitLabels(view));
    }
  }

  function drawVisible() {
    const waiting = [];
    for (const script of document.querySelectorAll("script[data-plot]")) {
      if (!script.closest("[hidden]")) {
        waiting.push(draw(script));
      }
    }
    return Promise.all(waiting);
  }

  function switchLine(button) {
    const view = drawn.get(button.dataset.figure);
    if (!view) {
      return;
    }
    const on = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(on));
    for (const renderer of view.model.renderers) {
      if (renderer.name === `line-${button.dataset.line}` || renderer.name === `marks-${button.dataset.line}`) {
        renderer.visible = on;
      }
    }
  }

  const tabs = [...document.querySelectorAll("[role=tab]")];

  function choose(tab) {
    for (const other of tabs) {
      const chosen = other === tab;
      other.setAttribute("aria-selected", String(chosen));
      other.tabIndex = chosen ? 0 : -1;
      document.getElementById(other.getAttribute("aria-controls")).hidden = !chosen;
    }
    return drawVisible();
  }

  // A link into a scenario that is not shown first shows it.
  function follow() {
    const goal = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const panel = goal && goal.closest(".panel");
    const tab = panel && tabs.find((candidate) => candidate.getAttribute("aria-controls") === panel.id);
    if (tab) {
      choose(tab);
      goal.scrollIntoView();
    }
  }

  for (const button of document.querySelectorAll(".key")) {
    button.addEventListener("click", () => switchLine(button));
  }
  for (const [position, tab] of tabs.entries()) {
    tab.addEventListener("click", () => choose(tab));
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) {
        const next = tabs[(position + step + tabs.length) % tabs.length];
        next.focus();
        choose(next);
      }
    });
  }
  window.addEventListener("hashchange", follow);
  const first = tabs.length ? choose(tabs[0]) : drawVisible();
  first.then(() => {
    document.documentElement.dataset.ready = "true";
    follow();
  });
})();
