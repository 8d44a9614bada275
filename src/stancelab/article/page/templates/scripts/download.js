// The tables of what the filters leave. A spreadsheet would run cells that begin like formulas; they get an apostrophe.
const FORMULA = /^'*(?:[ \u00a0\u3000]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n])/;
const NUMBER = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/;
const safe = (cell) => (FORMULA.test(cell) && !NUMBER.test(cell) ? `'${cell}` : cell);
const line = (row) => row.map((each) => safe(String(each))).map((cell) => (/["\r\n,]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(",") + "\n";
const head = (names) => names.map((name) => safe(name.trim())).map((name) => (/["\r\n,;\t|]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name)).join(",") + "\n";
const number = (found) => (found === null ? "" : found.toFixed(4));
const about = (each) => [each.id, each.title, each.date, each.outlet];

const csv = {
  stances() {
    const further = Object.keys(data.further);
    const rows = own.filter((each) => ofDocument(each.document) && ofNames(each.pair) && (each.sentences || !value("counted")))
      .filter((each) => !value("stance") || (each.stance === value("stance") && each.sentences));
    return head([...data.columns.stances, ...Object.values(data.further)]) + rows.map((each) => line([
      ...about(each.document), each.document.path, data.names[each.pair.source], data.names[each.pair.target],
      data.groups[each.pair.source], data.groups[each.pair.target], each.stance, ...[each.score, each.low, each.high, each.confidence].map(number),
      each.sentences, each.favor, each.against, each.neutral, each.leftOut, each.first || "", each.last || "", note(each).slice(2, -1),
      ...further.map((name) => (Object.hasOwn(each.document.fields, name) ? each.document.fields[name] : "")),
    ])).join("");
  },
  evidence() {
    const wanted = value("stance");
    const left = new Set(pairs.filter(summaryOf));
    const rows = evidence.filter((each) => ofDocument(each.document) && (each.counted || !value("counted")) && left.has(each.pair))
      .filter((each) => !wanted || wanted === "mixed" || each.stance === (wanted === "none" ? "neutral" : wanted));
    return head(data.columns.evidence) + rows.map((each) => {
      const { start, end } = each.document.sentences[each.sentence];
      return line([
        ...about(each.document), each.sentence, start, end, textOf(each), data.names[each.pair.source], data.names[each.pair.target],
        each.how, ...(each.source || ["", ""]), ...each.target, each.stance,
        ...[each.against, each.neutral, each.favor, each.score, each.confidence].map(number), each.counted,
      ]);
    }).join("");
  },
};
for (const button of document.querySelectorAll("[data-table]")) {
  button.addEventListener("click", () => {
    const link = make("a");
    link.href = URL.createObjectURL(new Blob([csv[button.dataset.table]()], { type: "text/csv" }));
    link.download = button.textContent;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
}
