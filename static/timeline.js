// The picture of a demand over time: one stop for the Tab key, arrow keys from mark to mark.
// Without it every mark is a stop, and a link leads past them. It also opens the folded year
// that an address points into, where the browser does not.
(() => {
  for (const picture of document.querySelectorAll("svg.timeline")) {
    const rows = [...picture.querySelectorAll("[data-row]")].map((row) => [...row.querySelectorAll("a")]);
    const marks = rows.flat();
    // Where time runs from the right, so do the arrow keys.
    const forth = document.documentElement.dir === "rtl" ? -1 : 1;
    const stop = (chosen) => {
      for (const mark of marks) mark.setAttribute("tabindex", mark === chosen ? "0" : "-1");
    };
    if (marks.length) stop(marks[0]);
    // What of another row lies above or below a mark, or is nearest to it.
    const nearest = (row, mark) => {
      const box = mark.firstElementChild.getBoundingClientRect();
      const middle = box.left + box.width / 2;
      const apart = (other) => {
        const { left, right } = other.getBoundingClientRect();
        return Math.max(left - middle, middle - right, 0);
      };
      return row.reduce((best, other) => (apart(other) < apart(best) ? other : best), row[0]);
    };
    picture.addEventListener("keydown", (event) => {
      const mark = event.target.closest("a");
      const row = rows.find((one) => one.includes(mark));
      if (!row || event.ctrlKey || event.altKey || event.metaKey) return;
      const place = row.indexOf(mark);
      const other = (step) => {
        const found = rows[rows.indexOf(row) + step];
        return found && found.length ? nearest(found, mark) : null;
      };
      const next = {
        ArrowRight: () => row[place + forth],
        ArrowLeft: () => row[place - forth],
        ArrowUp: () => other(-1),
        ArrowDown: () => other(1),
        Home: () => row[0],
        End: () => row[row.length - 1],
      }[event.key];
      if (!next) return;
      event.preventDefault();
      const found = next();
      if (found) {
        stop(found);
        found.focus();
      }
    });
    // Not on the picture itself: Chromium makes a stop of an SVG that listens for focus.
    picture.parentElement.addEventListener("focusin", (event) => {
      const mark = event.target.closest("a");
      if (marks.includes(mark)) stop(mark);
    });
  }

  const unfold = () => {
    const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    const folded = target && target.closest("details:not([open])");
    if (!folded) return;
    folded.open = true;
    target.scrollIntoView();
  };
  addEventListener("hashchange", unfold);
  unfold();
})();
