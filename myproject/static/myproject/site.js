// Search as you type, and copy. Without it the search button searches, and text can be selected.

const words = (text) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

function search(query) {
  const wanted = words(query);
  let found = 0;
  for (const group of document.querySelectorAll(".group")) {
    for (const card of group.querySelectorAll("li")) {
      const own = card.dataset.words.split(" ");
      card.hidden = !wanted.every((want) => own.some((word) => word.startsWith(want)));
    }
    const shown = group.querySelectorAll("li:not([hidden])").length;
    group.hidden = shown === 0;
    found += shown;
  }
  document.querySelector("#count").textContent = found;
  document.querySelector("#nothing").hidden = found > 0;
  for (const other of document.querySelectorAll(".live, .example")) other.hidden = wanted.length > 0;
}

async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(source.textContent);
    button.textContent = "Copied";
  } catch {
    getSelection().selectAllChildren(source);
    button.textContent = "Selected: press Ctrl+C";
  }
  setTimeout(() => (button.textContent = "Copy"), 2000);
}

// The page cannot know how long it takes while it is being made, so ask for its headers again.
async function showDuration(place) {
  const response = await fetch(location.pathname, { method: "HEAD" });
  const seconds = response.headers.get("X-Request-Duration");
  place.textContent = `${(seconds * 1000).toFixed(1)} ms to make this page once more`;
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", () => copy(button));
}

const field = document.querySelector("#q");
if (field) {
  field.addEventListener("input", () => search(field.value));
  field.form.addEventListener("submit", (event) => event.preventDefault());
  showDuration(document.querySelector("#duration"));
}
