// The chat page. A message has a key, and stays in the outbox until the server has said that it is
// stored: a connection that drops loses nothing, and what is sent again is stored once. Whoever
// comes back says which message was the last one seen, and is given what was missed.

const page = document.getElementById("chat");
const [log, people, form, status, retry] =
  ["log", "people", "form", "status", "retry"].map((id) => document.getElementById(id));
const { name, message } = form.elements;

const LONGEST_DELAY = 10_000;
const ANSWER_WITHIN = 5_000;
const REFUSED = {
  4400: "There is no such room.",
  4401: "Log in again to enter this room.",
  4403: "This room is private. Ask one of its members to let you in.",
};

let socket, me, timer, giveUpTimer, answerTimer;
let delay = 500;
let lastSeen = 0;
let wasConnected = false;
const outbox = []; // { key, text }
const waiting = new Map(); // key: the line that stands for a message of this window's

function connect() {
  clearTimeout(timer);
  if (socket?.readyState <= WebSocket.OPEN) return;
  if (wasConnected) show("lost", "Connection lost. Trying again …");
  else show("connecting", "Connecting …");
  const opening = socket = new WebSocket(`${page.dataset.socket}?after=${lastSeen}`);
  giveUpTimer = setTimeout(() => opening.close(), ANSWER_WITHIN);
  socket.onclose = closed;
  socket.onmessage = (event) => received(JSON.parse(event.data));
}

function closed({ code }) {
  clearTimeout(giveUpTimer);
  stopWaiting();
  me = undefined;
  people.replaceChildren();
  if (REFUSED[code]) return show("refused", REFUSED[code]);
  const wait = delay * (0.5 + Math.random() / 2); // not all windows at the same moment
  delay = Math.min(delay * 2, LONGEST_DELAY);
  show("lost", `Connection lost. Trying again in ${Math.ceil(wait / 1000)} s; what you write is kept.`);
  timer = setTimeout(connect, wait);
}

function received(frame) {
  if (frame.history) welcomed(frame);
  else if (frame.error && frame.field === "name") complain(name, frame.error);
  else if (frame.retry_after) postpone(frame.retry_after);
  else if (frame.error) rejected(frame);
  else if (frame.message !== undefined) delivered(frame);
  else if (frame.id) stored(frame);
  else showPeople(frame);
}

function welcomed(frame) {
  clearTimeout(giveUpTimer);
  delay = 500;
  me = frame.you;
  show("connected", "Connected");
  people.replaceChildren();
  showPeople({ here: frame.people, left: [] });
  if (frame.skipped) addLine("notice", `You missed ${frame.skipped} messages before these.`);
  frame.history.forEach(delivered);
  wasConnected = true;
  join();
  sendNext();
}

function delivered({ id, key, from, message: text }) {
  lastSeen = id;
  waiting.get(key)?.remove();
  addLine(waiting.has(key) ? "mine" : "theirs", text, from ?? "Somebody");
  if (outbox[0]?.key === key) next();
}

function stored({ key }) {
  // Its line waits on for the message itself, which comes in its place among the others.
  if (outbox[0]?.key === key) next();
}

function rejected({ error, key }) {
  if (outbox[0]?.key !== key) return;
  const { text } = outbox[0];
  if (message.value) waiting.get(key).querySelector(".by").textContent = "Not sent";
  else waiting.get(key).remove();
  message.value ||= text;
  complain(message, error);
  next();
}

function postpone(seconds) {
  stopWaiting();
  setTimeout(sendNext, seconds * 1000);
}

function next() {
  stopWaiting();
  outbox.shift();
  sendNext();
}

function stopWaiting() {
  clearTimeout(answerTimer);
  answerTimer = undefined;
}

function join() {
  complain(name, "");
  if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ join: name.value }));
}

function sendNext() {
  if (answerTimer || !outbox.length || !me || socket.readyState !== WebSocket.OPEN) return;
  const { key, text } = outbox[0];
  socket.send(JSON.stringify({ message: text, key }));
  answerTimer = setTimeout(() => socket.close(), ANSWER_WITHIN);
}

function show(state, text) {
  page.dataset.state = state;
  status.textContent = text;
  retry.hidden = state !== "lost";
}

function complain(input, error) {
  input.toggleAttribute("aria-invalid", Boolean(error));
  document.getElementById(`${input.id}-error`).textContent = error;
}

function showPeople({ here, left }) {
  for (const id of left) document.getElementById(`p-${id}`)?.remove();
  for (const [id, who] of Object.entries(here)) {
    const item = document.getElementById(`p-${id}`) ?? document.createElement("li");
    item.id = `p-${id}`;
    item.textContent = id === me ? `${who} (you)` : who;
    people.append(item);
  }
}

function addLine(kind, text, sender) {
  const item = document.createElement("div");
  item.className = kind;
  if (sender) {
    const by = document.createElement("span");
    by.className = "by";
    by.textContent = sender;
    item.append(by);
  }
  const words = document.createElement("p");
  words.textContent = text;
  item.append(words);
  log.append(item);
  log.scrollTop = log.scrollHeight;
  return item;
}

function newKey() {
  // Not randomUUID(), which pages without HTTPS do not have.
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16)).join("");
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  complain(message, "");
  const key = newKey();
  outbox.push({ key, text: message.value });
  waiting.set(key, addLine("waiting", message.value, "Sending …"));
  message.value = "";
  sendNext();
});
name.addEventListener("change", () => {
  localStorage.setItem("name", name.value);
  join();
});
retry.addEventListener("click", connect);
window.addEventListener("online", connect);

name.value ||= localStorage.getItem("name") || "Guest";
connect();
