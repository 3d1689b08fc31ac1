/**
 * Filter and sort for the pages of audit and plan. Everything stands in the page already; this shows the tools, hides what is
 * not asked for, and moves rows. A classic script: it is put into the page as it is.
 */
(() => {
  "use strict";

  /** The worst first. */
  const STATUSES = ["error", "warning", "info", "ok"];

  /**
   * @template {Element} T
   * @param {string} selector
   * @param {new () => T} kind
   * @returns {T}
   */
  function find(selector, kind) {
    const element = document.querySelector(selector);
    if (!(element instanceof kind)) throw new Error(`The page has no ${selector}.`);
    return element;
  }

  /**
   * @param {string} selector
   * @returns {HTMLElement[]}
   */
  function findAll(selector) {
    return [...document.querySelectorAll(selector)].filter((element) => element instanceof HTMLElement);
  }

  const tools = find("#tools", HTMLFormElement);
  const filter = find("#filter", HTMLInputElement);
  const shown = find("#shown", HTMLElement);
  const boxes = findAll("#tools input[type=checkbox]").filter((box) => box instanceof HTMLInputElement);
  const rows = findAll("tbody tr");
  const items = findAll(".finding li");
  const groups = findAll(".finding");
  /** What a filter looks through, by element: made when it is needed first. @type {Map<HTMLElement, string>} */
  const texts = new Map();

  /** A finding is found by whatever finds the row of its secret, too. @param {HTMLElement} element */
  function toText(element) {
    let text = texts.get(element);
    if (text === undefined) {
      const row = document.getElementById(element.querySelector("a")?.hash.slice(1) ?? "");
      text = `${element.textContent} ${element.dataset.code ?? ""} ${row?.textContent ?? ""}`
        .replace(/\s+/g, " ")
        .toLowerCase();
      texts.set(element, text);
    }
    return text;
  }

  /** Shows what holds every word and has a status that is ticked. */
  function applyFilter() {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const statuses = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    let count = 0;
    for (const element of [...rows, ...items]) {
      const isAsked =
        statuses.has(element.dataset.status ?? "") &&
        (words.length === 0 || words.every((word) => toText(element).includes(word)));
      element.hidden = !isAsked;
      if (isAsked && element instanceof HTMLTableRowElement) count += 1;
    }
    for (const group of groups) {
      const found = [...group.querySelectorAll("li:not([hidden])")];
      group.hidden = found.length === 0;
      const folded = group.querySelector("details");
      if (folded) {
        const isNeeded = folded.querySelector("li:not([hidden])") !== null;
        folded.hidden = !isNeeded;
        folded.open = isNeeded && words.length > 0;
      }
    }
    const open = items.filter((item) => !item.hidden).length;
    const all = `${rows.length} ${rows.length === 1 ? "secret" : "secrets"}`;
    const isAll = count === rows.length && open === items.length;
    const some = `${count} of ${all} and ${open} of ${items.length} ${tools.dataset.items ?? ""} shown`;
    shown.textContent = isAll ? `All ${all} shown` : some;
  }

  /**
   * What a row is sorted by; nothing when it has no such time.
   *
   * @param {HTMLElement} row
   * @param {number} column
   * @param {string} kind
   * @returns {string | number | undefined}
   */
  function toKey(row, column, kind) {
    if (kind === "status") return STATUSES.indexOf(row.dataset.status ?? "");
    const cell = row.children[column];
    if (kind === "time") return cell?.querySelector("time")?.dateTime;
    return (cell?.textContent ?? "").replace(/\s+/g, " ").trim();
  }

  /**
   * @param {HTMLElement} head
   * @param {number} column
   */
  function sortBy(head, column) {
    const isAscending = head.getAttribute("aria-sort") !== "ascending";
    for (const other of findAll("thead th")) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", isAscending ? "ascending" : "descending");
    const sign = isAscending ? 1 : -1;
    const keyed = rows.map((row, index) => ({ row, index, key: toKey(row, column, head.dataset.sort ?? "") }));
    keyed.sort((a, b) => {
      if (a.key === b.key) return a.index - b.index;
      // What has no time is last, whichever way.
      if (a.key === undefined) return 1;
      if (b.key === undefined) return -1;
      return a.key < b.key ? -sign : sign;
    });
    find("tbody", HTMLTableSectionElement).append(...keyed.map(({ row }) => row));
  }

  for (const [column, head] of findAll("thead th").entries()) {
    if (head.dataset.sort === undefined) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => sortBy(head, column));
  }
  findAll("thead th[data-sort=status]")[0]?.setAttribute("aria-sort", "ascending");

  tools.addEventListener("input", applyFilter);
  tools.addEventListener("submit", (event) => event.preventDefault());
  applyFilter();
  tools.hidden = false;
  document.documentElement.classList.add("scripted");
})();
