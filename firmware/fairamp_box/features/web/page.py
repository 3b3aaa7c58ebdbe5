"""The page that a browser shows first: the live values, and where else to look. Loaded when somebody asks for it.

It takes nothing from elsewhere, so it works without any other network, and it sets texts only: nothing that a box tells
becomes part of the page.
"""

HTML = b"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Fairamp</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><style>
:root{color-scheme:light dark}
body{font:1rem/1.5 system-ui,sans-serif;max-width:40rem;margin:1rem auto;padding:0 1rem;overflow-wrap:anywhere}
h1{font-size:1.2rem}h2{font-size:1rem;margin-bottom:0}#state{font-size:1.5rem;margin:0}
table{border-collapse:collapse;overflow-wrap:normal}
th,td{padding:.1rem min(1.2rem,2.5vw) .1rem 0;text-align:right;font-variant-numeric:tabular-nums}
td{white-space:nowrap}#all td:last-child{white-space:normal}
@media(max-width:25rem){table{font-size:.9rem}}
th:first-child,td:first-child,#all td:last-child,#all th:last-child{text-align:left}
#wrong:not(:empty){border:2px solid;padding:.5rem}.old{opacity:.5}#lost{font-weight:bold}
</style></head><body><h1>Fairamp</h1>
<p id="lost" role="status"><noscript>This page needs JavaScript; the values below do not.</noscript></p>
<main id="live"><p id="state" aria-live="polite"></p><p id="why"></p><p id="energy"></p><p id="light"></p>
<div id="wrong"></div>
<h2>House connection</h2><p id="meter"></p><table id="grid"></table>
<h2>Chargers</h2><table id="all"></table></main>
<h2>For programs</h2><ul>
<li><a href="/api/status">/api/status</a>: all live values as JSON</li>
<li><a href="/api/check">/api/check</a>: how far the commissioning check is</li></ul>
<p>Settings are not changed here: they come with <code>fairamp deploy</code>.</p>
<script src="/page.js"></script></body></html>
"""

SCRIPT = b"""'use strict';
const at = id => document.getElementById(id);
const amps = ma => (ma / 1000).toFixed(1) + ' A';
let seen = Date.now(), busy = false;
function lines(id, texts) {
  at(id).replaceChildren(...texts.map(text => {
    const line = document.createElement('div');
    line.textContent = text;
    return line;
  }));
}
function table(id, head, rows) {
  at(id).replaceChildren(...[head, ...rows].map((cells, number) => {
    const row = document.createElement('tr');
    for (const text of cells) {
      row.appendChild(document.createElement(number ? 'td' : 'th')).textContent = text;
    }
    return row;
  }));
}
function text(id, words) {
  if (at(id).textContent !== words) at(id).textContent = words;
}
function show(box) {
  const charger = box.charger, power = charger.draw.total_w / 1000;
  text('state', charger.meaning);
  text('why', amps(charger.offer_ma) + ' offered, held there by: ' + charger.why);
  text('energy', (charger.estimated ? 'about ' : '') + power.toFixed(1) + ' kW, ' +
    (charger.session.energy_wh / 1000).toFixed(2) + ' kWh in this session' +
    (charger.estimated ? ', estimated: the charger has no meter' : ''));
  text('light', 'Light: ' + box.light.meaning);
  lines('wrong', [...box.wrong_settings, ...charger.faults]);
  text('meter', 'Meter: ' + box.meter + (box.grid.problem ? '; ' + box.grid.problem : ''));
  table('grid', ['', 'now', 'limit', 'for chargers'], box.grid.current_ma.map((ma, phase) =>
    ['L' + (phase + 1), box.grid.readings && !box.grid.stale ? amps(ma) : 'unknown', amps(box.allowed_ma[phase]),
      amps(box.budget_ma[phase])]));
  table('all', ['', 'offered', 'draws', 'because'], box.sockets.map(one =>
    [one.id, one.online ? amps(one.offer_ma) : 'unknown', one.online ? amps(Math.max(...one.draw_ma)) : 'unknown',
      one.online ? one.connected ? one.why : 'no car' : 'not heard for ' + one.age_s + ' s']));
}
async function look() {
  if (busy || document.hidden) return;
  busy = true;
  try {
    const answer = await fetch('/api/status', {cache: 'no-store', signal: AbortSignal.timeout(5000)});
    show(await answer.json());
    seen = Date.now();
  } catch (error) {
    console.log(error);
  }
  busy = false;
  const old = Math.round((Date.now() - seen) / 1000);
  at('live').className = old > 5 ? 'old' : '';
  text('lost', old > 5 ? 'The box does not answer; what you see is ' + old + ' s old.' : '');
}
look();
setInterval(look, 2000);
document.addEventListener('visibilitychange', look);
"""

# A browser may do with it what it does here, and no more; and nobody shows it inside a page of his own.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; connect-src 'self'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def answer(path):
    """(body, status, headers) of one of its two parts."""
    body, kind = (SCRIPT, "text/javascript") if path == "/page.js" else (HTML, "text/html")
    return body, 200, {"Content-Type": kind + "; charset=utf-8", "Content-Security-Policy": POLICY}
