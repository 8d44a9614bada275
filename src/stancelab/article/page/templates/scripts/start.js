// Puts the script's parts in the place of the static ones.
if (form.elements.document) {
  form.elements.document.append(...documents.map((each) => new Option([each.shown, each.date].filter(Boolean).join(", "), each.number)));
}
form.addEventListener("input", () => { shown = STEP; allFigures = false; draw(); });
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", () => setTimeout(() => { state.pair = null; shown = STEP; draw(); }));
for (const { link, pair } of cells) {
  link.addEventListener("click", (event) => { event.preventDefault(); shown = STEP; choose(pair, { focus: true }); });
}
for (const each of document.querySelectorAll("form")) each.addEventListener("submit", (event) => event.preventDefault());
draw();
// Last: where something is missing in an old browser, the static parts stay.
form.hidden = false;
panel.hidden = false;
view.hidden = state.document === null;
for (const each of document.querySelectorAll(".downloads")) each.hidden = false;
document.documentElement.classList.add("scripted");
// What is wider than the page says so, since its scroll bar may be hidden until it is used.
for (const hint of document.querySelectorAll(".sideways")) {
  const region = hint.parentNode.querySelector(".scroll");
  const wide = new ResizeObserver(() => { hint.hidden = region.scrollWidth <= region.clientWidth + 1; });
  for (const each of [region, ...region.children]) wide.observe(each);
}
