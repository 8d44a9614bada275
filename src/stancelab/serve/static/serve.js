"use strict";
// What the pages do more with scripts: files are dropped anywhere on the form, waiting is shown, failures are told.
const told = document.getElementById("told");
const form = document.getElementById("article");

if (form) {
  const area = form.querySelector("[data-drop]");
  const file = form.elements.file;
  const working = document.getElementById("working");
  const remove = document.getElementById("remove");
  const show = () => {
    remove.hidden = !file.files.length;
  };
  file.addEventListener("change", show);
  remove.addEventListener("click", () => {
    file.value = "";
    told.textContent = "";
    show();
    file.focus();
  });
  for (const kind of ["dragenter", "dragover"]) {
    form.addEventListener(kind, (event) => {
      if ([...event.dataTransfer.types].includes("Files")) {
        event.preventDefault();
        area.classList.add("over");
      }
    });
  }
  form.addEventListener("dragleave", () => area.classList.remove("over"));
  form.addEventListener("drop", (event) => {
    area.classList.remove("over");
    if (event.dataTransfer.files.length) {
      event.preventDefault();
      file.files = event.dataTransfer.files;
      told.textContent = `${file.files[0].name} is taken`;
      show();
    }
  });
  form.addEventListener("submit", () => {
    working.hidden = false;
  });
  // A page that comes back by the browser's history waits for nothing.
  addEventListener("pageshow", () => {
    working.hidden = true;
    show();
  });
}

document.addEventListener("htmx:responseError", (event) => {
  let detail = "the server could not answer";
  try {
    detail = JSON.parse(event.detail.xhr.responseText).detail;
  } catch {
    // A page, not problem details: the status says enough.
    detail = `the server answered with ${event.detail.xhr.status}`;
  }
  told.textContent = detail;
});
document.addEventListener("htmx:sendError", () => {
  told.textContent = "the server cannot be reached";
});
// A proposal takes the place of what stands in the editor, which may have been written by hand.
document.addEventListener("htmx:confirm", (event) => {
  const editor = document.getElementById("codebook");
  if (event.detail.elt.id !== "propose" || editor.value === editor.defaultValue) return;
  event.preventDefault();
  if (confirm("Replace what stands in the editor?")) event.detail.issueRequest(true);
});
document.addEventListener("htmx:beforeRequest", () => {
  told.textContent = "";
});
