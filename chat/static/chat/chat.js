// The chat page. A message stays in the outbox until the server has answered it, so that a
// connection that drops loses nothing; one is under way at a time, so that it is clear which
// one an answer belongs to.

const page = document.getElementById("chat");
const [log, people, form, status, retry] =
  ["log", "people", "form", "status", "retry"].map((id) => document.getElementById(id));
const { name, message } = form.elements;

const LONGEST_DELAY = 10_000;
const ANSWER_WITHIN = 5_000;

let socket, me, timer, giveUpTimer, answerTimer;
let delay = 500;
let wasConnected = false;
const outbox = []; // { text, item }

function connect() {
  clearTimeout(timer);
  if (socket?.readyState <= WebSocket.OPEN) return;
  if (wasConnected) show("lost", "Connection lost. Trying again …");
  else show("connecting", "Connecting …");
  socket = new WebSocket(page.dataset.socket);
  giveUpTimer = setTimeout(() => socket.close(), ANSWER_WITHIN);
  socket.onopen = opened;
  socket.onclose = closed;
  socket.onmessage = (event) => received(JSON.parse(event.data));
}

function opened() {
  clearTimeout(giveUpTimer);
  delay = 500;
  show("connected", "Connected");
  people.replaceChildren();
  if (wasConnected) addLine("notice", "Connected again. What others said meanwhile is not kept.");
  wasConnected = true;
  join();
  sendNext();
}

function closed() {
  clearTimeout(giveUpTimer);
  clearTimeout(answerTimer);
  answerTimer = undefined;
  people.replaceChildren();
  const wait = delay * (0.5 + Math.random() / 2); // not all windows at the same moment
  delay = Math.min(delay * 2, LONGEST_DELAY);
  show("lost", `Connection lost. Trying again in ${Math.ceil(wait / 1000)} s; what you write is kept.`);
  timer = setTimeout(connect, wait);
}

function received(frame) {
  if (frame.error && frame.field === "name") complain(name, frame.error);
  else if (frame.error) rejected(frame.error);
  else if (frame.message !== undefined) delivered(frame);
  else if (frame.left) document.getElementById(`p-${frame.left}`)?.remove();
  else showPerson(frame.you ?? frame.here, frame.you);
}

function delivered({ message: text, from }) {
  if (from && from.id === me?.id && outbox[0]?.text === text) settle().item.remove();
  addLine(from && from.id === me?.id ? "mine" : "theirs", text, from?.name ?? "Somebody");
  sendNext();
}

function rejected(error) {
  const { text, item } = settle();
  if (message.value) item.querySelector(".by").textContent = "Not sent";
  else item.remove();
  message.value ||= text;
  complain(message, error);
  sendNext();
}

function settle() {
  clearTimeout(answerTimer);
  answerTimer = undefined;
  return outbox.shift();
}

function join() {
  complain(name, "");
  if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ join: name.value }));
}

function sendNext() {
  if (answerTimer || !outbox.length || socket.readyState !== WebSocket.OPEN) return;
  socket.send(JSON.stringify({ message: outbox[0].text }));
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

function showPerson(person, isMe) {
  if (isMe) me = person;
  const item = document.getElementById(`p-${person.id}`) ?? document.createElement("li");
  item.id = `p-${person.id}`;
  item.textContent = isMe ? `${person.name} (you)` : person.name;
  people.append(item);
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

form.addEventListener("submit", (event) => {
  event.preventDefault();
  complain(message, "");
  outbox.push({ text: message.value, item: addLine("waiting", message.value, "Sending …") });
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
