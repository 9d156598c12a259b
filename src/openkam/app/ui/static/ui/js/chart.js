// Charts: a Vega-Lite spec from the page or from an address, in the colours of the theme, drawn again when theme or width changes.
// Expressions are interpreted, never compiled, because the policy forbids `eval`. The table beside a chart is real HTML.
(() => {
  "use strict";
  const figures = () => [...document.querySelectorAll("figure[data-chart]")];
  const drawn = new WeakMap();
  let loading = null;

  const library = (address) => {
    loading ||= new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = done;
      script.onerror = failed;
      document.head.append(script);
    });
    return loading;
  };

  // The theme of the charts is the theme of the page: the tokens, read where they stand.
  const config = (figure) => {
    const style = getComputedStyle(figure);
    const token = (name) => style.getPropertyValue(`--ok-${name}`).trim();
    const font = style.getPropertyValue("--tblr-font-sans-serif").trim();
    const [ink, ink2, ink3, line2, edge, grid, bad] = ["ink", "ink-2", "ink-3", "line-2", "edge", "grid", "bad"].map(token);
    const [d1, d2, d3, d4, d5, d6] = ["d1", "d2", "d3", "d4", "d5", "d6"].map(token);
    return {
      background: "transparent",
      padding: 4,
      font,
      autosize: { type: "fit-x", contains: "padding" },
      view: { stroke: null, continuousHeight: 240 },
      axis: { labelColor: ink2, labelFontSize: 11.5, titleColor: ink3, titleFontSize: 11.5, titleFontWeight: 400, domain: false, ticks: false, labelPadding: 8, titlePadding: 8, gridColor: grid, gridWidth: 1, tickCount: 5 },
      axisX: { grid: false, domain: true, domainColor: line2 },
      legend: { orient: "top", direction: "horizontal", title: null, labelColor: ink2, labelFontSize: 12, symbolType: "square", symbolSize: 90 },
      title: { anchor: "start", color: ink, fontSize: 14, fontWeight: 600 },
      range: { category: [d1, d4, d2, d6, d3, d5], ordinal: [d3, d2, d1], diverging: [bad, grid, d1] },
      bar: { color: d1, cornerRadiusEnd: 2 },
      line: { color: d1, strokeWidth: 2, strokeJoin: "round", strokeCap: "round" },
      area: { color: d1, opacity: 0.13 },
      errorband: { color: d1, opacity: 0.13 },
      point: { color: d1, filled: true, size: 60, opacity: 0.75 },
      rule: { color: edge, strokeDash: [3, 3] },
      text: { color: ink, fontSize: 11.5 },
      style: { comparison: { color: d4 }, losing: { color: bad }, quiet: { color: ink2 } },
    };
  };

  const specOf = async (figure) => {
    const address = figure.dataset.url;
    if (!address) return JSON.parse(document.getElementById(figure.dataset.chart).textContent);
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`The chart's data answered ${answer.status}.`);
    return answer.json();
  };

  const tooltip = (_, event, item, value) => {
    document.querySelector(".vega-tip")?.remove();
    if (value === null || value === undefined || value === "") return;
    const tip = document.createElement("div");
    tip.className = "vega-tip";
    if (typeof value === "object") {
      for (const [name, shown] of Object.entries(value)) {
        const row = document.createElement("div");
        const label = document.createElement("span");
        label.textContent = name;
        row.append(label, String(shown));
        tip.append(row);
      }
    } else tip.textContent = String(value);
    document.body.append(tip);
    tip.style.left = `${Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8)}px`;
    tip.style.top = `${Math.min(event.clientY + 14, innerHeight - tip.offsetHeight - 8)}px`;
  };

  const draw = async (figure) => {
    const canvas = figure.querySelector(".chart-canvas");
    try {
      await library(figure.dataset.vega);
      const state = drawn.get(figure) || { spec: await specOf(figure) };
      drawn.set(figure, state);
      state.shown?.finalize();
      state.width = canvas.clientWidth;
      const spec = { width: "container", ...state.spec };
      if (spec.width === "container") spec.width = state.width;
      const looks = { config: config(figure), renderer: "svg", actions: false, defaultStyle: false, hover: true, tooltip };
      state.shown = await window.vegaEmbed(canvas, spec, { mode: "vega-lite", ast: true, ...looks });
      figure.classList.add("drawn");
    } catch (error) {
      figure.classList.add("failed"); // the table stays
      throw error;
    }
  };

  const start = () => {
    for (const figure of figures()) {
      if (drawn.has(figure) || figure.classList.contains("failed")) continue;
      draw(figure);
      sizes.observe(figure.querySelector(".chart-canvas"));
    }
  };
  const sizes = new ResizeObserver((entries) => {
    for (const entry of entries) {
      const figure = entry.target.closest("figure");
      const state = drawn.get(figure);
      if (state?.shown && entry.contentRect.width > 0 && Math.abs(entry.contentRect.width - state.width) > 1) draw(figure);
    }
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-chart-table]");
    if (!button) return;
    const shown = button.closest("figure").classList.toggle("shows-table");
    button.setAttribute("aria-expanded", String(shown));
  });
  document.addEventListener("openkam:theme", () => figures().forEach((figure) => drawn.has(figure) && draw(figure)));
  document.addEventListener("htmx:afterSettle", start);
  start();
})();
