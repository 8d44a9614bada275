// The data block as objects. Offsets count characters; a text with characters of two units is cut by its characters.
const documents = data.documents.map(([id, title, date, outlet, path, fields, text, sentences], number) => {
  const characters = /[\ud800-\udfff]/.test(text) ? Array.from(text) : null;
  return {
    number, id, title, date, outlet, path, fields, shown: data.shown[number], evidence: [],
    sentences: sentences.map(([start, end, paragraph, kind]) => ({ start, end, paragraph, kind })),
    cut: (start, end) => (characters ? characters.slice(start, end).join("") : text.slice(start, end)),
  };
});
const counts = ([stance, score, low, high, confidence, sentences, favor, against, neutral, leftOut, first, last]) =>
  ({ stance, score, low, high, confidence, sentences, favor, against, neutral, leftOut, first, last });
const pairs = data.pairs.map(([source, target, ...rest], number) =>
  ({ number, source, target, own: [], evidence: [], documents: rest[12], ...counts(rest) }));
const own = data.own.map(([place, number, ...rest]) => {
  const made = { document: documents[place], pair: pairs[number], ...counts(rest) };
  pairs[number].own.push(made);
  return made;
});
const evidence = data.evidence.map((row) => {
  const [place, sentence, number, how, source, target, against, neutral, favor, score, confidence, stance, isCounted, weights] = row;
  const made = {
    document: documents[place], sentence, pair: pairs[number], how: data.how[how], source, target, against, neutral,
    favor, score, confidence, stance: data.stances[stance], counted: isCounted === 1, weights,
  };
  made.pair.evidence.push(made);
  made.document.evidence.push(made);
  return made;
});
const textOf = (each) => {
  const place = each.document.sentences[each.sentence];
  return each.document.cut(place.start, place.end);
};
// The first and the last day that a date may mean.
const firstDay = (date) => date + "-01-01".slice(date.length > 4 ? (date.length > 7 ? 6 : 3) : 0);
const lastDay = (date) => date + "-12-31".slice(date.length > 4 ? (date.length > 7 ? 6 : 3) : 0);
