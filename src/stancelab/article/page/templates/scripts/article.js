// One document: its sentences colored for the pair that is chosen, else those that carry any pair marked faintly.
const view = byId("article");
const picker = view.querySelector("[name=shown]");

function overall(found) {
  const stances = new Set(found.filter((each) => each.counted).map((each) => each.stance));
  const sides = [...stances].filter((stance) => stance !== "neutral");
  return sides.length > 1 ? "mixed" : sides[0] || [...stances][0] || "";
}
const told = (found) => found.map((each) => `${title(each.pair)}: ${data.words[each.stance]}${each.counted ? "" : ", not counted"}`).join("; ");

function sentence(place, number, found) {
  const text = state.document.cut(place.start, place.end);
  const hits = state.pair ? found.filter((each) => each.pair === state.pair) : [];
  const hit = hits.find((each) => each.counted) || hits[0];
  if (hit) {
    const shown = overall(hits) || hit.stance;
    const made = make("span", `hit ${hit.counted ? "" : "uncounted "}${shown}${number === state.sentence ? " at" : ""}`,
      make("span", "sign", data.signs[shown]), ...pieces(hit, marks(hit)));
    made.title = `${told(hits)}${howKnown(hit) ? `; ${howKnown(hit)}` : ""}`;
    return hit.how === "carried" && howKnown(hit) ? [made, make("small", "role", ` [${howKnown(hit)}]`)] : [made];
  }
  if (!found.length) return [make("span", "", text)];
  const stance = overall(found);
  const made = make("span", `faint ${stance}`, stance ? make("span", "sign", data.signs[stance]) : null, text);
  made.title = told(found);
  return [made];
}
function paragraphs(shown) {
  const found = Map.groupBy(shown.evidence, (each) => each.sentence);
  const made = [];
  let last = null;
  shown.sentences.forEach((place, number) => {
    const together = last && place.kind === "sentence" && last.kind === "sentence" && last.paragraph === place.paragraph;
    if (!together) {
      made.push(make("p", place.kind));
      made.at(-1).dir = "auto";
    } else made.at(-1).append(" ");
    made.at(-1).append(...sentence(place, number, found.get(number) || []));
    last = place;
  });
  return made;
}
function chips(shown) {
  const own = [...new Set(shown.evidence.map((each) => each.pair))].filter(ofNames).sort((one, two) => one.number - two.number);
  return own.map((pair) => {
    const row = pair.own.find((each) => each.document === shown);
    const sign = make("span", "sign", row.sentences ? data.signs[row.stance] : "\u2013");
    const button = make("button", "", sign, bdi(title(pair)), ` (${row.sentences})`);
    button.type = "button";
    button.title = inWords(row);
    button.setAttribute("aria-pressed", String(pair === state.pair));
    button.addEventListener("click", () => {
      choose(pair === state.pair ? null : pair);
      const again = [...view.querySelectorAll(".chips button")][own.indexOf(pair)];
      if (again) again.focus();
    });
    return button;
  });
}
function drawArticle() {
  if (!state.document) return;
  const left = documents.filter((each) => ofDocument(each));
  if (left.length && !left.includes(state.document)) state.document = left[0];
  if (picker) {
    picker.replaceChildren(...(left.length ? left : [state.document]).map((each) =>
      new Option([each.shown, each.outlet, each.date].filter(Boolean).join(", "), each.number)));
    picker.value = String(state.document.number);
  }
  view.querySelector(".chips").replaceChildren(...chips(state.document));
  view.querySelector("article").replaceChildren(...paragraphs(state.document));
}
function showSentence(each) {
  state.pair = each.pair;
  state.document = each.document;
  state.sentence = each.sentence;
  draw();
  const at = view.querySelector(".at");
  if (!at) return;
  at.tabIndex = -1;
  at.focus({ preventScroll: true });
  at.scrollIntoView({ block: "center" });
}
if (picker) {
  picker.addEventListener("input", (event) => {
    event.stopPropagation();
    state.document = documents[Number(picker.value)];
    state.sentence = null;
    drawArticle();
  });
}
parts.push(drawArticle);
