/**
 * The script of the HTML reports. It shows the buttons that copy, and opens the folded part that a
 * link leads to. Without it, the page has no buttons, and everything can be read.
 */
export const script = `
for (const button of document.querySelectorAll('button[data-copies]')) {
  const text = document.getElementById(button.dataset.copies);
  const status = button.nextElementSibling;
  button.hidden = false;
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(text.textContent);
      status.textContent = 'Copied';
    } catch {
      getSelection().selectAllChildren(text);
      status.textContent = 'Selected: press Ctrl+C or \\u2318C';
    }
    setTimeout(() => { status.textContent = ''; }, 4000);
  });
}
const unfold = () => {
  const target = document.getElementById(location.hash.slice(1));
  for (let part = target; part !== null; part = part.parentElement) if (part.localName === 'details') part.open = true;
  if (target !== null) target.scrollIntoView();
};
addEventListener('hashchange', unfold);
unfold();
`;

/** What the policy of a page names {@link script} by. */
export const scriptHash = 'sha256-/24hUOK9+6G/KaXzk44BFRVJi5VVQrwDTPgrCUPNYXk=';
