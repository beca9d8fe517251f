/** The filter, and the copying of a command that is clicked: without it the page shows everything. Nothing of the report goes in here. */
export const script = `
'use strict';
const form = document.querySelector('.filter');
const search = document.getElementById('search');
const result = document.getElementById('shown');
const groups = [...document.querySelectorAll('.group')].map((element) => ({ element, open: element.open }));
let rows;
let waiting;

function readRows() {
  return groups.flatMap((group) => {
    const heading = group.element.querySelector('summary').textContent;
    return [...group.element.querySelectorAll('.finding')].map((element) => ({
      element,
      group,
      severity: [...form.elements.severity].find((box) => element.classList.contains(box.value))?.value,
      text: (heading + ' ' + element.textContent).toLowerCase(),
    }));
  });
}

function filter() {
  rows ??= readRows();
  const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
  const severities = new Set([...form.elements.severity].filter((box) => box.checked).map((box) => box.value));
  const found = new Set();
  let shown = 0;
  for (const row of rows) {
    const fits = severities.has(row.severity) && words.every((word) => row.text.includes(word));
    row.element.hidden = !fits;
    if (fits) {
      shown++;
      found.add(row.group);
    }
  }
  for (const group of groups) {
    group.element.hidden = !found.has(group);
    group.element.open = words.length > 0 || group.open;
  }
  result.textContent = shown + ' of ' + rows.length + ' shown';
}

function openTarget() {
  const target = location.hash && document.getElementById(location.hash.slice(1));
  for (let element = target; element; element = element.parentElement) if (element.tagName === 'DETAILS') element.open = true;
  if (target) target.scrollIntoView();
}

function copy(event) {
  const command = event.target.closest?.('pre.command');
  if (!command || (event.key && event.key !== 'Enter')) return;
  navigator.clipboard?.writeText(command.textContent).then(() => {
    command.classList.add('copied');
    setTimeout(() => command.classList.remove('copied'), 1500);
  }, () => {});
}

if (form) {
  form.hidden = false;
  form.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(filter, 120);
  });
}
addEventListener('hashchange', openTarget);
addEventListener('click', copy);
addEventListener('keydown', copy);
openTarget();
`;

/** For the content security policy: SHA-256 of {@link script}, in base64; a test holds it current. */
export const scriptHash = 'sha256-g9zm3Y9cdSw6xMoPVcKbdixOU+FbsGywvb01CRTivps=';
