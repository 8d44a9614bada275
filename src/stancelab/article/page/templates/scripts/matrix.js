// The matrix: cells follow the filters, and rows, columns and groups without a cell are hidden.
const table = document.querySelector("table.map");
const cells = table ? [...table.querySelectorAll("td a")].map((link) => ({ link, cell: link.parentNode, row: link.closest("tr"), pair: pairs[Number(link.dataset.pair)] })) : [];
const heads = table ? [...table.querySelectorAll(".targets th")] : [];

function fill({ link, cell, pair }, found) {
  const [stance, small] = found.sentences
    ? [[make("span", "sign", data.signs[found.stance]), ` ${data.words[found.stance]}`], `${signed(found.score)}${isOpposed(found) ? data.opposedSign : ""} \u00b7 ${percent(found.confidence)} \u00b7 ${found.sentences}${bothSides(found)}`]
    : [[data.notCounted], `(${found.leftOut})`];
  link.replaceChildren(make("b", "", ...stance), make("small", "", small));
  const words = `${title(pair)}: ${inWords(found)}`;
  link.title = words;
  link.setAttribute("aria-label", words);
  const hasSide = found.stance === "favor" || found.stance === "against";
  cell.className = found.sentences ? found.stance + (hasSide ? ` s${isOpposed(found) ? 1 : strength(found.score)}` : "") : "uncounted";
}
function hideEmpty() {
  const [columns, rows] = [new Set(), new Set()];
  for (const each of cells) if (!each.link.hidden) { columns.add(each.cell.cellIndex); rows.add(each.row); }
  const hidden = heads.map((head) => !columns.has(head.cellIndex));
  heads.forEach((head, place) => { head.hidden = hidden[place]; });
  for (const group of table.querySelectorAll("thead .groups th")) {
    const left = heads.filter((head) => head.dataset.group === group.dataset.columns && !head.hidden).length;
    group.hidden = left === 0;
    if (left) group.colSpan = left;
  }
  for (const body of table.tBodies) {
    const lines = [...body.rows].filter((row) => !row.classList.contains("groups"));
    for (const row of lines) {
      row.hidden = !rows.has(row);
      for (let place = 0; place < hidden.length; place += 1) row.cells[place + 1].hidden = hidden[place];
    }
    body.hidden = lines.every((row) => row.hidden);
  }
}
// A matrix of 200 targets has tens of thousands of cells: they are filled again only where a filter has changed.
let filtered = null;
let current = null;
function drawMatrix() {
  if (!table) return;
  const filters = new URLSearchParams(new FormData(form)).toString();
  if (filters !== filtered) fillMatrix();
  filtered = filters;
  if (current) current.removeAttribute("aria-current");
  current = state.pair && cells.find((each) => each.pair === state.pair).link;
  if (current) current.setAttribute("aria-current", "true");
}
function fillMatrix() {
  for (const each of cells) {
    const found = summaryOf(each.pair);
    each.link.hidden = found === null;
    if (found) fill(each, found);
    else each.cell.className = "";
  }
  hideEmpty();
  byId("opposed-note").hidden = !cells.some((each) => !each.link.hidden && isOpposed(summaryOf(each.pair)));
  const left = cells.filter((each) => !each.link.hidden).length;
  const note = byId("matrix-note");
  const several = filtersDocuments() && value("document") === "";
  note.hidden = left > 0 && !several;
  note.textContent = left === 0 ? "No pair is left by the filters."
    : "Documents are filtered: a cell has the stance that most of the documents have which are left (mixed where as many are in favor as against), and the mean of their scores.";
  form.querySelector("output").textContent = `${left} of ${counted(cells.length, "pair")} shown`;
}
parts.push(drawMatrix);
