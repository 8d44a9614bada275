// Shows one more system, chosen from a menu, in all sections of a test file. Without it the first systems stand alone.
const panels = document.querySelectorAll("[data-panel]");
const menus = document.querySelectorAll("[data-menu]");
for (const menu of menus) {
  menu.hidden = false;
  menu.addEventListener("submit", (event) => event.preventDefault());
  menu.addEventListener("input", () => {
    const [file, system] = [menu.dataset.menu, menu.elements.system.value];
    for (const other of menus) if (other.dataset.menu === file) other.elements.system.value = system;
    for (const panel of panels) if (panel.dataset.panel === file) panel.hidden = panel.dataset.system !== system;
  });
}
