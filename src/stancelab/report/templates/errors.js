// Fills, sorts and filters the tables of errors. Their rows are in one block of data, in which each text and each row of
// a test file stands once, whatever number of systems gets it wrong. Without this the first rows of the first systems
// stand as they are.
const known = JSON.parse(document.getElementById("errors-data").textContent);

const element = (name, attributes, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
};

// Spans count characters as Python does, not the halves of JavaScript's strings.
const marked = (text, spans) => {
  if (!spans.length) return [text];
  const letters = [...text];
  const pieces = [];
  let end = 0;
  for (const [start, stop, kind] of spans) {
    pieces.push(letters.slice(end, start).join(""));
    pieces.push(element("mark", { class: kind ? "target" : "source" }, letters.slice(start, stop).join("")));
    end = stop;
  }
  return [...pieces, letters.slice(end).join("")].filter((each) => each !== "");
};

// One error: what its columns are sorted by, what is searched for words, and its row of the table.
const errorOf = ([place, predicted, confidence]) => {
  const [text, spans, source, target, gold, id, document_] = known.rows[place];
  const cells = [known.names[text], known.names[source] || "the author", known.names[target], known.stances[gold],
    known.stances[predicted], confidence === null ? "–" : confidence.toFixed(1), id];
  const values = cells.map((each) => each.toLowerCase());
  values[5] = confidence === null ? 100 : confidence;
  const words = [...cells, known.names[document_]].join("\n").toLowerCase();
  const draw = () => {
    const stance = (name) => element("span", { class: `stance ${name}` }, name);
    const cell = (head, ...children) => element("td", { role: "cell", "data-head": head }, ...children);
    const last = cell("row", id);
    last.className = "id";
    if (known.names[document_]) last.append(element("span", { class: "second" }, known.names[document_]));
    const score = cell("confidence", cells[5]);
    score.className = "n";
    return element("tr", { role: "row", "data-gold": cells[3], "data-predicted": cells[4] },
      element("td", { role: "cell", class: "text", dir: "auto" }, ...marked(cells[0], spans)),
      cell("source", cells[1]), cell("target", cells[2]), cell("label", stance(cells[3])),
      cell("predicted", stance(cells[4])), score, last);
  };
  return { gold: cells[3], predicted: cells[4], words, values, draw };
};

for (const box of document.querySelectorAll("[data-errors]")) {
  const body = box.querySelector("tbody");
  const form = box.querySelector("form");
  const more = box.querySelector("[data-more]");
  const told = box.querySelector("output");
  const step = Number(box.dataset.step);
  let errors = known.lists[box.dataset.errors].map(errorOf);
  let shown = step;

  const show = () => {
    const wanted = new FormData(form);
    const words = wanted.get("words").toLowerCase();
    const fits = errors.filter((each) =>
      ["gold", "predicted"].every((name) => !wanted.get(name) || each[name] === wanted.get(name)) &&
      (!words || each.words.includes(words)));
    const visible = fits.slice(0, shown);
    body.replaceChildren(...visible.map((each) => each.draw()));
    more.hidden = fits.length <= shown;
    told.textContent = `${visible.length} of ${fits.length} errors shown`;
  };

  for (const button of box.querySelectorAll("th button")) {
    button.addEventListener("click", () => {
      const head = button.closest("th");
      const up = head.getAttribute("aria-sort") !== "ascending";
      for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      const compare = (a, b) => {
        const [one, two] = [a.values[head.cellIndex], b.values[head.cellIndex]];
        return one < two ? -1 : one > two ? 1 : 0;
      };
      errors = [...errors].sort((a, b) => (up ? compare(a, b) : compare(b, a)));
      show();
    });
  }
  form.addEventListener("input", () => { shown = step; show(); });
  form.addEventListener("submit", (event) => event.preventDefault());
  more.addEventListener("click", () => { shown += step; show(); });
  form.hidden = false;
  show();
}
