"use strict";
(() => {
  const charts = [...document.querySelectorAll(".chart")];
  const ink = () => getComputedStyle(document.documentElement).getPropertyValue("--ink").trim();
  for (const place of charts) {
    const figure = JSON.parse(document.getElementById(place.dataset.figure).textContent);
    figure.layout.font = { ...figure.layout.font, color: ink() };
    Plotly.newPlot(place, figure.data, figure.layout, { displayModeBar: false, responsive: true });
  }
  const all = change => charts.forEach(place => Plotly.relayout(place, change));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => all({ "font.color": ink() }));
  // Paper is white and narrower than a screen, whatever the screen showed.
  addEventListener("beforeprint", () => all({ autosize: false, width: 660, "font.color": "#111" }));
  addEventListener("afterprint", () => all({ autosize: true, width: null, "font.color": ink() }));
})();
