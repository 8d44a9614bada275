// What is chosen: a pair, a document, and the filters. Each part of the page draws itself when it changes.
const form = byId("filters");
const state = { pair: null, document: documents[0] || null, sentence: null };
const parts = [];
const value = (name) => (form.elements[name] ? form.elements[name].value : "");

function ofDocument(document) {
  const [from, to, outlet, chosen] = [value("from"), value("to"), value("outlet"), value("document")];
  if (chosen !== "" && Number(chosen) !== document.number) return false;
  if (outlet !== "" && document.outlet !== outlet) return false;
  if ((from || to) && !document.date) return false;
  return !(from && lastDay(document.date) < from) && !(to && firstDay(document.date) > to);
}
function ofNames(pair) {
  const [source, target, group] = [value("source"), value("target"), value("group")];
  if (source !== "" && Number(source) !== pair.source) return false;
  if (target !== "" && Number(target) !== pair.target) return false;
  return group === "" || data.groups[pair.source] === group || data.groups[pair.target] === group;
}
const filtersDocuments = () => ["from", "to", "outlet", "document"].some((name) => value(name) !== "");

// What a pair comes to in the documents that are left, null where nothing is left of it. Over several documents that
// are not all, it is the stance that most of them have, and the mean of their scores, without an interval. Where several
// stances lead, favor and against are mixed, and either goes before none.
function summaryOf(pair) {
  if (!ofNames(pair)) return null;
  let found = pair;
  if (filtersDocuments()) {
    const left = pair.own.filter((each) => ofDocument(each.document));
    if (!left.length) return null;
    found = left.length === 1 ? left[0] : together(left);
  }
  if (value("counted") && !found.sentences) return null;
  return value("stance") && (found.stance !== value("stance") || !found.sentences) ? null : found;
}
function together(rows) {
  const sum = (key) => rows.reduce((total, each) => total + each[key], 0);
  const scored = rows.filter((each) => each.sentences);
  const mean = (key) => (scored.length ? scored.reduce((total, each) => total + each[key], 0) / scored.length : null);
  const votes = new Map();
  for (const each of scored) votes.set(each.stance, (votes.get(each.stance) || 0) + 1);
  const most = Math.max(0, ...votes.values());
  const leads = (stance) => most > 0 && votes.get(stance) === most;
  const sides = ["favor", "against"].filter(leads);
  const told = rows.filter((each) => each.first).sort((one, two) => (one.document.date < two.document.date ? -1 : Number(one.document.date > two.document.date)));
  const dated = told.length === 1 || (told.length > 1 && told.every((each) => each.document.date));
  return {
    stance: leads("mixed") || sides.length > 1 ? "mixed" : sides[0] || "none", score: mean("score"), low: null, high: null,
    confidence: mean("confidence"), sentences: sum("sentences"), favor: sum("favor"), against: sum("against"),
    neutral: sum("neutral"), leftOut: sum("leftOut"), documents: scored.length,
    first: dated ? told[0].first : null, last: dated ? told.at(-1).last : null,
  };
}
// The stance is found in another way than the score, which may lie on the other side of 0.
const isOpposed = (found) => (found.stance === "favor" && found.score < 0) || (found.stance === "against" && found.score > 0);
const note = (found) => (isOpposed(found) ? ` (${data.opposed[found.documents > 1 ? 1 : 0]})` : "");
function inWords(found) {
  if (!found.sentences) return `${data.notCounted}: ${counted(found.leftOut, "sentence")}`;
  const interval = found.low === null ? "" : ` [${signed(found.low)}, ${signed(found.high)}]`;
  return `${data.words[found.stance]}, ${signed(found.score)}${interval}, confidence ${percent(found.confidence)}, ${counted(found.sentences, "sentence")}${found.favor && found.against ? `, ${found.favor} favor and ${found.against} against` : ""}${note(found)}`;
}
const bothSides = (found) => (found.favor && found.against ? ` (${found.favor}${data.signs.favor} ${found.against}${data.signs.against})` : "");
function inOrder(found) {
  if (!found.favor || !found.against || !found.first) return "";
  const [first, last] = [data.sides[found.first], data.sides[found.last]];
  return first === last ? `; ${first} first and last` : `; ${first} first, ${last} last`;
}
const inCounts = (found) =>
  `${found.favor} favor, ${found.against} against, ${found.neutral} no stance${found.leftOut ? `; ${found.leftOut} more not counted` : ""}${inOrder(found)}`;

function draw() {
  for (const part of parts) part();
  document.documentElement.classList.toggle("chosen", state.pair !== null);
}
function choose(pair, { focus = false } = {}) {
  state.pair = pair;
  state.sentence = null;
  if (pair && !pair.evidence.some((each) => each.document === state.document)) {
    const first = pair.evidence.find((each) => ofDocument(each.document)) || pair.evidence[0];
    if (first) state.document = first.document;
  }
  draw();
  if (!focus) return;
  byId("sentences").scrollIntoView();
  byId("chosen").querySelector("h3").focus({ preventScroll: true });
}
