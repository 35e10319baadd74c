// What the page does about its line to the server, for which Flet waits ever longer and says so in English.
//
// A line that has been gone for a moment is said in the reader's language, over Flet's own sign. Once it has been gone
// for four seconds and the server answers, the page is loaded anew: its session, or the cache, brings everything back.
(said => {
  const sayAfter = 1500, patience = 4000, every = 2000, Socket = window.WebSocket;
  const language = navigator.languages.map(each => each.slice(0, 2)).find(each => each in said) || 'en';
  let open = 0, stood = false, lost = 0, notice = null;

  const show = () => {
    if (open || notice) return;
    notice = document.createElement('div');
    notice.id = 'line';
    notice.setAttribute('role', 'alert');
    const words = document.createElement('p');
    words.textContent = said[language];
    notice.append(document.createElement('i'), words);
    document.body.append(notice);
  };
  const opened = () => {
    open += 1;
    stood = true;
    notice?.remove();
    notice = null;
  };
  const closed = () => {
    open -= 1;
    lost = Date.now();
    setTimeout(show, sayAfter);
  };

  window.WebSocket = class extends Socket {
    constructor(...how) {
      super(...how);
      this.addEventListener('open', () => {
        opened();
        this.addEventListener('close', closed, {once: true});
      });
    }
  };

  const gone = () => stood && !open && !document.hidden && Date.now() - lost > patience;
  const look = async () => {
    if (!gone()) return;
    const answer = await fetch('/manifest.json', {method: 'HEAD', cache: 'no-store'}).catch(() => null);
    if (answer?.ok) setTimeout(() => { if (gone()) location.reload(); }, 1000);
  };
  setInterval(look, every);
  addEventListener('online', look);
})(WORDS);
