// Words, numbers and elements as the rest of the page has them. Text becomes text nodes alone, never markup.
"use strict";
const data = JSON.parse(document.getElementById("map-data").textContent);
const byId = (id) => document.getElementById(id);
const MINUS = "\u2212";

function make(tag, names, ...children) {
  const made = document.createElement(tag);
  if (names) made.className = names;
  made.append(...children.filter((each) => each !== null && each !== ""));
  return made;
}
const person = (number) => data.called[number];
const signed = (score) => {
  const text = Math.abs(score).toFixed(2);
  return text === "0.00" ? text : (score > 0 ? "+" : MINUS) + text;
};
const percent = (share) => `${Math.round(100 * share)}%`;
const counted = (number, noun) => `${number.toLocaleString("en-US")} ${noun}${number === 1 ? "" : "s"}`;
const strength = (score) => 1 + data.strengths.filter((edge) => Math.abs(score) >= edge).length;
const title = (pair) => `${person(pair.source)} \u2192 ${person(pair.target)}`;
const label = (stance) => {
  const sign = make("span", "sign", data.signs[stance]);
  sign.setAttribute("aria-hidden", "true");
  return make("span", `label ${stance}`, sign, ` ${data.words[stance]}`);
};
const bdi = (text) => make("bdi", "", text);
