// The network and the figures over time show the pairs that the filters leave.
const MOST_FIGURES = 6;
const more = byId("time-more");
const figures = [...document.querySelectorAll(".timelines figure")];
let allFigures = false;

for (const edge of document.querySelectorAll(".network [data-pair]")) {
  const pair = pairs[Number(edge.dataset.pair)];
  edge.addEventListener("click", () => choose(pair, { focus: true }));
  parts.push(() => {
    edge.classList.toggle("off", summaryOf(pair) === null);
    if (pair === state.pair) edge.setAttribute("aria-current", "true");
    else edge.removeAttribute("aria-current");
  });
}
function drawFigures() {
  if (!more) return;
  let left = figures.filter((figure) => ofNames(pairs[Number(figure.dataset.pair)]));
  if (state.pair) left = left.filter((figure) => Number(figure.dataset.pair) === state.pair.number);
  const kept = new Set(allFigures ? left : left.slice(0, MOST_FIGURES));
  for (const figure of figures) figure.hidden = !kept.has(figure);
  more.hidden = kept.size === left.length;
  byId("time-none").hidden = left.length > 0;
}
if (more) more.addEventListener("click", () => { allFigures = true; drawFigures(); });
parts.push(drawFigures);
