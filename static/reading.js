// The reading page: ties passages to their notes, lights up the one in the address, copies links.
// Without it everything is there: the numbers lead from passage to note and back.
(() => {
  const page = document.querySelector("[data-reading]");
  if (!page) return;
  const parts = new Map(); // number of a passage -> its words and its note
  for (const part of page.querySelectorAll("mark[data-p], span[data-p], li[data-p]")) {
    for (const number of part.dataset.p.split(" ")) {
      if (!parts.has(number)) parts.set(number, []);
      parts.get(number).push(part);
    }
  }
  const light = (name, numbers) => {
    for (const part of page.querySelectorAll("." + name)) part.classList.remove(name);
    for (const number of numbers)
      for (const part of parts.get(number) || []) part.classList.add(name);
  };

  const numbersAt = (target) => {
    const part = target.closest && target.closest("[data-p]");
    return part ? part.dataset.p.split(" ") : [];
  };
  page.addEventListener("mouseover", (event) => light("tied", numbersAt(event.target)));
  page.addEventListener("mouseleave", () => light("tied", numbersAt(document.activeElement)));
  page.addEventListener("focusin", (event) => light("tied", numbersAt(event.target)));
  page.addEventListener("focusout", () => light("tied", []));

  const aim = () => {
    const found = /^#[pn]-(\d+)$/.exec(location.hash);
    light("aimed", found ? [found[1]] : []);
  };
  addEventListener("hashchange", aim);
  aim();

  const said = document.createElement("span");
  said.className = "vh";
  said.setAttribute("role", "status");
  page.append(said);
  const say = (button, words) => {
    said.textContent = words;
    button.textContent = words || page.dataset.copy;
  };
  const copy = async (button, address) => {
    try {
      await navigator.clipboard.writeText(address);
      say(button, page.dataset.copied);
    } catch {
      // Not allowed here (a page without https): then the browser shows it.
      location.assign(address);
      say(button, page.dataset.shown);
    }
    setTimeout(() => say(button, ""), 4000);
  };
  for (const note of page.querySelectorAll("li[data-p]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = page.dataset.copy;
    button.title = page.dataset.copyTitle;
    const address = new URL(note.querySelector("a.num").hash, location.href).href;
    button.addEventListener("click", () => copy(button, address));
    note.querySelector(".cite").before(button);
  }
})();
