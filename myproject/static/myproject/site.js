// Search as you type, and copy. Without it the search button searches, and text can be selected.

let typing;

// The server searches, so that there is one search. An answer that another has overtaken is dropped.
async function search(form) {
  typing?.abort();
  typing = new AbortController();
  const query = new URLSearchParams(new FormData(form));
  const response = await fetch(`${form.dataset.list}?${query}`, { signal: typing.signal });
  const list = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const id of ["count", "found"]) {
    document.getElementById(id).replaceChildren(...list.getElementById(id).childNodes);
  }
  const isSearch = query.get("q").trim() !== "";
  for (const other of document.querySelectorAll(".live, .example")) other.hidden = isSearch;
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

const form = document.querySelector(".search");
if (form) {
  const searchUnlessOvertaken = () => search(form).catch((error) => {
    if (error.name !== "AbortError") throw error;
  });
  form.addEventListener("input", searchUnlessOvertaken);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    searchUnlessOvertaken();
  });
  showDuration(document.querySelector("#duration"));
}
