// Sorts and filters the tables of errors. Without it the first rows of each stand as they are.
for (const box of document.querySelectorAll("[data-errors]")) {
  const body = box.querySelector("tbody");
  const rows = [...body.rows];
  const form = box.querySelector("form");
  const more = box.querySelector("[data-more]");
  const told = box.querySelector("output");
  const step = Number(box.dataset.step);
  let shown = step;

  const show = () => {
    const wanted = new FormData(form);
    const words = wanted.get("words").toLowerCase();
    const fits = [...body.rows].filter((row) =>
      ["gold", "predicted"].every((name) => !wanted.get(name) || row.dataset[name] === wanted.get(name)) &&
      (!words || row.textContent.toLowerCase().includes(words)));
    const visible = new Set(fits.slice(0, shown));
    for (const row of rows) row.hidden = !visible.has(row);
    more.hidden = fits.length <= shown;
    told.textContent = `${visible.size} of ${fits.length} errors shown`;
  };

  const value = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.value === undefined ? cell.textContent.trim().toLowerCase() : Number(cell.dataset.value);
  };

  for (const button of box.querySelectorAll("th button")) {
    button.addEventListener("click", () => {
      const head = button.closest("th");
      const up = head.getAttribute("aria-sort") !== "ascending";
      for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      const compare = (a, b) => {
        const [one, two] = [value(a, head.cellIndex), value(b, head.cellIndex)];
        return one < two ? -1 : one > two ? 1 : 0;
      };
      body.append(...[...body.rows].sort((a, b) => (up ? compare(a, b) : compare(b, a))));
      show();
    });
  }
  form.addEventListener("input", () => { shown = step; show(); });
  form.addEventListener("submit", (event) => event.preventDefault());
  more.addEventListener("click", () => { shown += step; show(); });
  form.hidden = false;
  show();
}
