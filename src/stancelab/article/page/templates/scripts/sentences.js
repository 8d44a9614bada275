// The list of sentences: of the pair that is chosen, else of all pairs that the filters leave.
const STEP = 20;
const panel = byId("chosen");
const list = panel.querySelector("ol");
let shown = STEP;

const hasStance = (each) => each.stance !== "neutral";
function sentencesLeft() {
  const wanted = value("stance");
  return (state.pair ? state.pair.evidence : evidence)
    .filter((each) => (state.pair || ofNames(each.pair)) && ofDocument(each.document) && (each.counted || !value("counted")))
    .filter((each) => state.pair || !wanted || wanted === "mixed" || each.stance === (wanted === "none" ? "neutral" : wanted))
    .filter((each) => state.pair || wanted !== "mixed" || summaryOf(each.pair))
    .sort((one, two) => two.counted - one.counted || hasStance(two) - hasStance(one) || two.confidence - one.confidence);
}
// The text of a sentence in pieces: ranges of [start, end, class], of which a later one wins where they overlap.
function pieces(each, ranges) {
  const { start, end } = each.document.sentences[each.sentence];
  const edges = [...new Set([start, end, ...ranges.flatMap(([from, to]) => [from, to])])].sort((one, two) => one - two);
  return edges.slice(0, -1).map((from, place) => {
    const text = each.document.cut(from, edges[place + 1]);
    const kind = ranges.findLast(([first, last]) => first <= from && from < last);
    if (!kind) return text;
    const tag = kind[2] === "source" || kind[2] === "target" ? "mark" : "span";
    const made = make(tag, kind[2], text);
    made.title = kind[3] || kind[2];
    return made;
  });
}
const marks = (each) => [...(each.source ? [[...each.source, "source"]] : []), [...each.target, "target"]];
function wordRanges(each) {
  const most = Math.max(...each.weights.map(([, , weight]) => Math.abs(weight)), 1e-9);
  return each.weights.filter(([, , weight]) => weight !== 0).map(([start, end, weight]) =>
    [start, end, `word w${Math.ceil(3 * Math.abs(weight) / most)}${weight < 0 ? " counter" : ""}`, signed(weight)]);
}
function spoke(each) {
  const ranked = [...each.weights].sort((one, two) => Math.abs(two[2]) - Math.abs(one[2]) || one[0] - two[0]);
  return [["For this answer", (weight) => weight > 0], ["Against it", (weight) => weight < 0]].map(([words, wanted]) => {
    const chosen = ranked.filter(([, , weight]) => wanted(weight)).slice(0, data.mostWords);
    return chosen.length ? `${words}: ${chosen.map(([start, end, weight]) => `${each.document.cut(start, end)} (${signed(weight)})`).join(", ")}.` : "";
  }).filter(Boolean).join(" ");
}
function howKnown(each) {
  if (each.how === "author") return "the author's own words";
  if (each.how === "named") return "";
  const name = person(each.pair.source);
  if (!each.source) return each.how === "quote" ? `quotation of ${name}` : `carried over from ${name}`;
  const words = each.document.cut(...each.source).trim().split(/\s+/).join(" ");
  return words === name ? "" : `\u201c${words}\u201d stands for ${name}`;
}
function wordsButton(each, text, item) {
  const button = make("button", "", "Words that spoke");
  button.type = "button";
  button.setAttribute("aria-pressed", "false");
  const told = make("p", "counts", spoke(each));
  told.dir = "auto";
  button.addEventListener("click", () => {
    const on = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(on));
    text.replaceChildren(...pieces(each, on ? wordRanges(each) : marks(each)));
    if (on) item.append(told);
    else told.remove();
  });
  return button;
}
function item(each) {
  const made = make("li", each.counted ? "" : "uncounted");
  const text = make("p", "text", ...pieces(each, marks(each)));
  text.dir = "auto";
  const find = make("button", "", "In the document");
  find.type = "button";
  find.addEventListener("click", () => showSentence(each));
  const facts = documents.length > 1 ? [each.document.shown, each.document.outlet, each.document.date] : [];
  const meta = make("p", "meta", label(each.stance), make("span", "", `score ${signed(each.score)}`),
    make("span", "", `confidence ${percent(each.confidence)}`),
    each.counted ? null : make("b", "", `${data.notCounted}: ${each.confidence < data.threshold ? "under the threshold" : "a headline"}`),
    ...[howKnown(each), ...facts].filter(Boolean).map((words) => make("span", "", bdi(words))), find,
    each.weights.length ? wordsButton(each, text, made) : null);
  if (!state.pair) made.append(make("p", "who", bdi(title(each.pair))));
  made.append(text, meta);
  return made;
}
function drawSentences() {
  const found = sentencesLeft();
  const head = panel.querySelector("h3");
  const summary = state.pair && (filtersDocuments() ? summaryOf(state.pair) : state.pair);
  head.replaceChildren(state.pair ? bdi(title(state.pair)) : "All pairs: sentences with a stance, then those without, the most confident first");
  if (summary) head.append(make("small", "", inWords(summary)));
  panel.querySelector(".counts").textContent = summary ? inCounts(summary) : `${counted(found.length, "answer")} left by the filters`;
  panel.querySelector("[data-all]").hidden = state.pair === null;
  list.replaceChildren(...found.slice(0, shown).map(item));
  panel.querySelector("[data-more]").hidden = found.length <= shown;
}
panel.querySelector("[data-more]").addEventListener("click", () => {
  const place = shown;
  shown += STEP;
  drawSentences();
  const next = list.children[place].querySelector("button");
  if (next) next.focus();
});
panel.querySelector("[data-all]").addEventListener("click", () => { shown = STEP; choose(null, { focus: true }); });
parts.push(drawSentences);
