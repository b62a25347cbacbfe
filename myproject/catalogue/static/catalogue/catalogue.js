// Search as you type, and copy. Without it the search button searches, and text can be selected.

let typing;

// Servers bound the length of an address; the error is at the end of what is pasted.
const LONGEST = 4000;
const PAUSE = 100; // milliseconds in which nothing is typed

// The server searches, so that there is one search. An answer that another has overtaken is dropped.
async function search(form) {
  typing?.abort();
  typing = new AbortController();
  const query = new URLSearchParams({ q: form.elements.q.value.slice(-LONGEST) });
  const response = await fetch(`${form.dataset.list}?${query}`, { signal: typing.signal });
  const list = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const id of ["count", "found"]) {
    document.getElementById(id).replaceChildren(...list.getElementById(id).childNodes);
  }
  const isSearch = query.get("q").trim() !== "";
  for (const other of document.querySelectorAll(".live, .tasks")) other.hidden = isSearch;
}

async function copy(button) {
  button.dataset.label ??= button.textContent;
  const source = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(source.textContent);
    button.textContent = "Copied";
  } catch {
    getSelection().selectAllChildren(source);
    button.textContent = "Selected: press Ctrl+C";
  }
  setTimeout(() => (button.textContent = button.dataset.label), 2000);
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
  let pause;
  form.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(searchUnlessOvertaken, PAUSE);
  });
  form.elements.q.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      searchUnlessOvertaken();
    }
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    searchUnlessOvertaken();
  });
  showDuration(document.querySelector("#duration"));
}
