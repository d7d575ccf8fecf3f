// The console's look: system fonts, one accent colour, room to breathe; dark and light, wide and narrow, and on paper.
export const style = `:root {
  color-scheme: light dark;
  --ground: light-dark(#f7f7f4, #121517);
  --card: light-dark(#ffffff, #1a1e21);
  --ink: light-dark(#1b2225, #e8ebec);
  --quiet: light-dark(#5a656b, #9aa6ad);
  --line: light-dark(#dfe3e2, #30373b);
  --accent: light-dark(#0b6b5d, #62ccb8);
  --on-accent: light-dark(#ffffff, #06231e);
  --wash: light-dark(#edf3f1, #20292a);
  --good: light-dark(#1d6b3a, #7fd49c);
  --good-wash: light-dark(#e5f3e9, #183023);
  --warn: light-dark(#8a5200, #f2c26b);
  --warn-wash: light-dark(#fdf1d8, #362a14);
  --bad: light-dark(#a8261c, #ff9c91);
  --bad-wash: light-dark(#fbe7e4, #3b1f1c);
  --radius: 12px;
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
.wide { max-width: 68rem; margin-inline: auto; padding-inline: clamp(1rem, 4vw, 2.5rem); }
a { color: var(--accent); text-underline-offset: .2em; text-decoration-thickness: 1px; }
h1, h2, h3 { line-height: 1.25; text-wrap: balance; margin: 0; }
h1 { font-size: 1.75rem; font-weight: 650; letter-spacing: -.015em; }
h2 { font-size: 1.15rem; font-weight: 650; }
h3 { font-size: 1.05rem; font-weight: 650; }
h1::first-letter, h2::first-letter, .explained dd::first-letter { text-transform: uppercase; }
p, ul, ol, dl { margin: .5rem 0; }
code, pre, .code { font: .9em/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
main:focus { outline: none; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; margin: 0; }
.skip { position: absolute; left: 1rem; top: -4rem; background: var(--card); padding: .5rem 1rem; border-radius: 0 0 8px 8px; z-index: 2; }
.skip:focus { top: 0; }
.quiet { color: var(--quiet); font-weight: 400; }

.band { background: #12453d; color: #fff; }
.band .wide { display: flex; flex-wrap: wrap; align-items: center; gap: .25rem 1.5rem; min-height: 3.75rem; padding-block: .6rem; }
.band a { color: inherit; text-decoration: none; }
.band :focus-visible { outline-color: currentColor; }
.brand { display: flex; align-items: center; gap: .6rem; font-size: 1.05rem; }
.mark { width: 1.5rem; height: 1.5rem; background: url("/assets/icon.svg") center / contain; }
.which { font-size: .85rem; opacity: .9; }
.band nav { display: flex; flex-wrap: wrap; gap: .15rem; flex: 1 1 100%; margin-inline: -.55rem; }
.band nav a { padding: .3rem .55rem; border-radius: 99px; font-size: .92rem; }
.band nav .apart { margin-left: .7rem; position: relative; }
.band nav .apart::before { content: ""; position: absolute; left: -.4rem; top: .45rem; bottom: .45rem; border-left: 1px solid; opacity: .4; }
.band nav a:hover { background: #ffffff26; }
.band nav a[aria-current] { background: #ffffff33; font-weight: 600; }
.sample .band { background: light-dark(#f6c64b, #dcab34); color: #2c2100; }
.sample .band nav a:hover { background: #2c210018; }
.sample .band nav a[aria-current] { background: #2c210024; }
.sample .which b { background: #2c2100; color: #f6c64b; padding: .1rem .45rem; border-radius: 4px; letter-spacing: .06em; margin-right: .35rem; }

main { padding-block: 2rem 3rem; }
main > section, main > article { margin-block: 0 2.25rem; }
main > h1 { margin-bottom: 1.25rem; }
main > article { margin-bottom: 1.25rem; }
main > .row { margin-bottom: 2rem; }
main > .problem { margin-top: 1.25rem; }
footer { color: var(--quiet); font-size: .85rem; padding-block: 1rem 2rem; }
.lost { margin: 0; padding: .75rem 1rem; text-align: center; background: var(--bad-wash); color: var(--bad); }
.heading { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1rem; }
.heading .days { margin-left: auto; }
.path { color: var(--quiet); font-size: .9rem; margin: 0 0 .5rem; }
.lead { font-size: 1.1rem; }
.row { display: flex; flex-wrap: wrap; align-items: center; gap: .6rem .75rem; margin-top: 1rem; }
.row form { margin: 0; }

button, .act { font: inherit; font-weight: 600; cursor: pointer; display: inline-block; text-decoration: none; color: var(--on-accent); background: var(--accent); border: 1px solid var(--accent); border-radius: 8px; padding: .45rem 1rem; }
button:hover, .act:hover { filter: brightness(1.08); }
button.quiet, .act.quiet { color: var(--ink); background: transparent; border-color: var(--line); font-weight: 500; }
button.quiet:hover, .act.quiet:hover { background: var(--wash); filter: none; }
button.danger { background: var(--bad-wash); color: var(--bad); border-color: currentColor; }
.more { font-size: .95rem; }
input, select, textarea { font: inherit; color: inherit; background: var(--card); border: 1px solid light-dark(#aab4b2, #56616a); border-radius: 8px; padding: .45rem .7rem; max-width: 100%; }
textarea { width: 100%; resize: vertical; }

.nothing { color: var(--good); background: var(--good-wash); border-radius: var(--radius); padding: .9rem 1.2rem; margin-top: .75rem; }
.said { background: var(--good-wash); color: var(--good); border-radius: 8px; padding: .6rem 1rem; }
.needs { list-style: none; padding: 0; margin-top: .75rem; display: grid; gap: .75rem; }
.needs > li { display: flex; flex-wrap: wrap; gap: .75rem 1.5rem; align-items: center; justify-content: space-between; background: var(--warn-wash); border-left: 4px solid var(--warn); border-radius: var(--radius); padding: .9rem 1.2rem; }
.needs > li > div { flex: 1 1 20rem; min-width: 0; }
.needs p { margin: .15rem 0 0; }
.needs .undelivered, .needs .unreadable { background: var(--bad-wash); border-color: var(--bad); }
.cells { padding-left: 1.1rem; margin: .35rem 0; }
.cells li { overflow-wrap: anywhere; }

.who { background: var(--card); border: 1px solid var(--line); border-radius: var(--radius); padding: 1.5rem; box-shadow: 0 1px 3px #00000012; }
.who h2 { font-size: 1.4rem; margin-bottom: .75rem; }
.who form { display: grid; grid-template-columns: 1fr auto; gap: .5rem .75rem; align-items: start; }
.who textarea { font-size: 1.15rem; padding: .65rem .9rem; field-sizing: content; min-height: 3rem; max-height: 16rem; }
.who button { padding: .72rem 1.4rem; }
.who .quiet { grid-column: 1 / -1; margin: 0; font-size: .9rem; }
.found .card { margin-top: .75rem; }
.answer + .answer { border-top: 1px solid var(--line); padding-top: .5rem; }
.next b { color: var(--accent); margin-right: .4rem; }

.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 26rem), 1fr)); gap: 1rem; margin-top: .75rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: var(--radius); padding: 1.25rem 1.4rem; }
.card > h2 + p, .card > h3 + p { margin-top: .35rem; }
.facts { display: grid; gap: .3rem; }
.facts > div { display: grid; grid-template-columns: 6rem 1fr; gap: .75rem; }
dt { color: var(--quiet); font-size: .95rem; }
dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
.mode { font-size: .8rem; font-weight: 500; color: var(--quiet); border: 1px solid var(--line); border-radius: 99px; padding: .1rem .6rem; margin-left: .4rem; vertical-align: .1em; }
.mode.apply { color: var(--good); border-color: currentColor; }

.badge { display: inline-block; white-space: nowrap; font-size: .85rem; font-weight: 550; border-radius: 99px; padding: .08rem .6rem; background: var(--wash); color: var(--quiet); text-decoration: none; }
.badge.done { background: var(--good-wash); color: var(--good); }
.badge.held, .badge.blocked { background: var(--warn-wash); color: var(--warn); }
.badge.failed { background: var(--bad-wash); color: var(--bad); }
a.badge { border: 1px solid transparent; }
a.badge:hover, a.badge[aria-current] { border-color: currentColor; }
.counts { display: flex; flex-wrap: wrap; gap: .5rem; }

.filters { display: flex; flex-wrap: wrap; gap: .6rem .9rem; align-items: end; margin: 1.25rem 0 1rem; }
.filters label { display: grid; gap: .2rem; font-size: .85rem; color: var(--quiet); }
.filters label:first-of-type { flex: 1 1 14rem; }
.filters input, .filters select { font-size: 1rem; color: var(--ink); }
.filters input, .filters select, .filters button { min-height: 2.75rem; }
.filters .more { padding-block: .5rem; }
.days, .pages { display: flex; align-items: center; gap: .75rem; font-variant-numeric: tabular-nums; }
.days a, .days span[aria-hidden] { padding: .25rem .6rem; border: 1px solid var(--line); border-radius: 8px; text-decoration: none; }
.pages { justify-content: center; margin-top: 1.25rem; }

table.list { width: 100%; border-collapse: collapse; background: var(--card); border: 1px solid var(--line); border-radius: var(--radius); border-spacing: 0; border-collapse: separate; overflow: hidden; margin-top: .75rem; }
.list caption { text-align: left; font-weight: 600; padding: .4rem 0; }
.list th { text-align: left; font-size: .8rem; font-weight: 550; color: var(--quiet); padding: .6rem .9rem; border-bottom: 1px solid var(--line); }
.list td { padding: .55rem .9rem; border-bottom: 1px solid var(--line); vertical-align: baseline; overflow-wrap: anywhere; }
.list tbody tr:last-child td { border-bottom: 0; }
.list tbody tr:hover { background: var(--wash); }
.list .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.list .time { white-space: nowrap; font-variant-numeric: tabular-nums; color: var(--quiet); }
.list td:has(> .trigger) { min-width: 12rem; }
.trigger { display: block; font-size: .85rem; }
.do { white-space: nowrap; font-weight: 550; }
.do.remove, .do.cancel-invitation { color: var(--bad); }
.do.invite, .do.add { color: var(--good); }

.statuses { display: block; width: 100%; height: 2.25rem; border-radius: 8px; margin: .5rem 0 .75rem; }
.statuses .good { fill: var(--good); }
.statuses .warn { fill: var(--warn); }
.statuses .bad { fill: var(--bad); }
.statuses .calm { fill: var(--quiet); }
.swatch { display: inline-block; width: .7em; height: .7em; border-radius: 3px; background: var(--quiet); margin-right: .1rem; }
.swatch.good { background: var(--good); }
.swatch.warn { background: var(--warn); }
.swatch.bad { background: var(--bad); }
.statuses .pale, .swatch.pale { opacity: .65; }
.statuses .faint, .swatch.faint { opacity: .4; }
.heading > .more { margin-left: auto; }
.inline { display: inline; }
button.link { background: none; border: 0; padding: 0; color: var(--accent); font-weight: 400; text-decoration: underline; text-underline-offset: .2em; text-decoration-thickness: 1px; }

.samples { list-style: none; padding: 0; display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr)); gap: 1rem; }
.samples > li { background: var(--card); border: 1px solid var(--line); border-radius: var(--radius); padding: 1rem 1.2rem; }
.samples > li > code { display: block; }
.samples ul { padding-left: 1.1rem; }
.teach { border: 1px dashed var(--line); border-radius: var(--radius); padding: .5rem 1.2rem 1.1rem; margin-top: 1.5rem; min-width: 0; }
.teach legend { font-weight: 600; padding-inline: .4rem; }
.teach .row .quiet:last-child { flex: 1 1 16rem; }
.switches { align-items: start; margin-bottom: 2rem; }
.switches section { margin: 0; scroll-margin-top: 1rem; }
.switches > div { display: grid; gap: 1rem; }
.facts code { white-space: nowrap; }
.again { white-space: nowrap; }
.fields { display: grid; grid-template-columns: repeat(auto-fit, minmax(4.5rem, 1fr)); gap: .7rem .8rem; margin-top: 1rem; align-items: end; }
.fields label { display: grid; gap: .2rem; font-size: .85rem; color: var(--quiet); min-width: 0; }
.fields input, .fields select { font-size: 1rem; color: var(--ink); width: 100%; min-width: 0; }
.fields label:has(select), .fields .whole { grid-column: 1 / -1; }
.fields button { grid-column: 1 / -1; justify-self: start; }
.armed { padding-left: 1.1rem; }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: var(--radius); background: var(--card); }
.list td button { padding-block: .15rem; }
.cells-table { border-collapse: collapse; font-size: .9rem; min-width: 100%; }
.cells-table th, .cells-table td { text-align: left; padding: .35rem .7rem; border-bottom: 1px solid var(--line); white-space: nowrap; max-width: 22rem; overflow: hidden; text-overflow: ellipsis; }
.cells-table th { color: var(--quiet); font-weight: 500; }
.cells-table tbody tr:last-child > * { border-bottom: 0; }
.cells-table .wrong { background: var(--bad-wash); color: var(--bad); white-space: normal; }
.cells-table mark { background: none; color: inherit; font-weight: 600; }
.teams { display: grid; gap: .2rem; margin: .5rem 0 1rem; }
.logins { overflow-wrap: anywhere; font-size: .95rem; }
.mail { font: inherit; font-weight: normal; background: var(--card); max-height: none; max-width: 44rem; }
.warning { background: var(--warn-wash); color: var(--warn); border-radius: 8px; padding: .6rem 1rem; }
.chart { display: grid; grid-template-columns: auto 1fr; gap: .25rem .6rem; margin: 1rem 0; font-size: .85rem; color: var(--quiet); }
.chart svg { width: 100%; height: 15rem; background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
.chart .scale { display: flex; flex-direction: column; justify-content: space-between; text-align: right; font-variant-numeric: tabular-nums; }
.chart .times { grid-column: 2; display: grid; grid-template-columns: 3fr 1fr; column-gap: .6rem; font-variant-numeric: tabular-nums; }
.chart .times span { grid-row: 1; text-align: right; }
.chart .times span:nth-child(-n+2) { grid-column: 1; }
.chart .times span:first-child { text-align: left; }
.chart figcaption { grid-column: 2; }
.chart polyline, .chart path, .chart line { fill: none; stroke-width: 2; vector-effect: non-scaling-stroke; }
.chart .used { fill: var(--wash); }
.chart .used-line { stroke: var(--accent); }
.chart .size-line { stroke: var(--ink); stroke-dasharray: 5 4; }
.chart .band-ahead { fill: var(--accent); stroke: var(--accent); stroke-width: 1; vector-effect: non-scaling-stroke; opacity: .4; }
.chart .now { stroke: var(--line); }
.key { display: inline-block; width: 1.2rem; height: .6rem; margin: 0 .15rem 0 .8rem; border-top: 2px solid var(--accent); background: var(--wash); }
.key:first-child { margin-left: 0; }
.key.size { background: none; border-top: 2px dashed var(--ink); height: .3rem; }
.key.ahead { background: var(--accent); opacity: .4; border: 0; }
.homes .picture { width: 34%; vertical-align: middle; }
.bar { display: block; width: 100%; height: .85rem; }
.bar .track { fill: var(--wash); }
.bar .fill { fill: var(--accent); }
.bar.advised .fill { fill: var(--warn); }
.bar.warned .fill, .bar.urgent .fill { fill: var(--bad); }
.bar line { stroke: var(--ink); stroke-width: 1.5; vector-effect: non-scaling-stroke; opacity: .55; }
.images h2 .badge { margin-left: .4rem; vertical-align: middle; }
.images > table { margin-block: .75rem; }
.track { vertical-align: middle; margin-right: .4rem; }
.track line { stroke: var(--line); stroke-width: 2; }
.track circle { fill: var(--line); }
.track .here { fill: var(--good); }
.track.older .here { fill: var(--warn); }
.track.older .way { stroke: var(--warn); }
.bars { display: block; width: 100%; margin-top: .75rem; }
.bars .whole, .cost .whole { fill: var(--line); }
.bars .part, .cost .part { fill: var(--accent); }
.bars .part.failed, .cost .part.over { fill: var(--bad); }
.bars .part.waiting, .bars .part.starting { fill: var(--warn); }
.pace { display: block; width: 100%; }
.pace polygon { fill: var(--accent); opacity: .55; }
.bar .part { fill: var(--good); }
.bar .whole { fill: var(--line); }
.bar .part.bad { fill: var(--bad); }
.receipt + h2, .cells + h2, details + h2 { margin-top: 1.5rem; }
.receipt td, .receipt th { text-align: left; overflow-wrap: anywhere; }
.receipt .bar { width: 9rem; }
.receipt .number { text-align: right; }
.transfer + .transfer, h2 + .transfer, .said + .transfer { margin-top: .75rem; }
.narrow { display: none; }
.transfer h2::first-letter { text-transform: none; }
.transfer .state { overflow-wrap: normal; }
.transfer code, .transfer h2 { overflow-wrap: anywhere; }
.transfer td form { display: inline; }
.transfer td button { padding: .15rem .6rem; font-size: .9rem; }
.who form.ask { grid-template-columns: 1fr 1fr; align-items: end; }
.ask label { display: grid; gap: .2rem; font-size: .85rem; color: var(--quiet); }
.ask input, .ask select { font-size: 1rem; color: var(--ink); width: 100%; height: 2.6rem; }
.ask button { padding: .5rem 1rem; }
.who form.ask button.quiet { grid-column: auto; }
@media (max-width: 44rem) { .who form.ask { grid-template-columns: 1fr; } }

.explained { border-left: 4px solid var(--bad); background: var(--bad-wash); border-radius: var(--radius); padding: .9rem 1.2rem; display: grid; gap: .4rem; }
.explained > div { display: grid; grid-template-columns: 8.5rem 1fr; gap: .25rem 1rem; }
.explained dt { color: var(--bad); }
.timeline, .attempts { list-style: none; padding: 0; }
.timeline { margin: 1rem 0 0 .4rem; border-left: 2px solid var(--line); }
.timeline li { display: grid; grid-template-columns: 5rem 1fr; gap: .75rem; padding: .35rem 0 .35rem 1.4rem; position: relative; overflow-wrap: anywhere; }
.timeline li::before { content: ""; position: absolute; left: -7px; top: .85rem; width: 8px; height: 8px; border-radius: 50%; background: var(--card); border: 2px solid var(--quiet); }
.timeline .event::before, .timeline .end::before { background: var(--accent); border-color: var(--accent); }
.timeline .effect::before { background: var(--good); border-color: var(--good); }
.timeline .failed::before { background: var(--bad); border-color: var(--bad); }
.timeline time { color: var(--quiet); font-variant-numeric: tabular-nums; }
.fact { margin-right: .5rem; }
.attempts li { padding: .35rem 0; }
.attempts li[aria-current] { font-weight: 600; }
.attempts time { color: var(--quiet); font-variant-numeric: tabular-nums; margin-right: .35rem; }
pre { background: var(--wash); border: 1px solid var(--line); border-radius: 8px; padding: .9rem 1.1rem; overflow: auto; max-height: 30rem; white-space: pre-wrap; overflow-wrap: anywhere; }
.hash { overflow-wrap: anywhere; color: var(--quiet); font-size: .85em; }
.copyable { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem; background: var(--wash); border-radius: 8px; padding: .4rem .5rem .4rem .8rem; min-width: 0; }
.copyable code { overflow-wrap: anywhere; flex: 1 1 12rem; }
.answer .copyable code { font: inherit; }
.scripted { display: none; }
.js .scripted { display: inline-block; }
summary { cursor: pointer; color: var(--accent); padding: .25rem 0; }
.sure { position: relative; }
.sure summary { list-style: none; color: var(--quiet); padding: .45rem .5rem; text-decoration: underline; text-underline-offset: .2em; }
.sure > div { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; padding: .5rem 0; }
.stacked { display: grid; gap: .25rem; margin-top: .5rem; }
.waiting::before { content: ""; display: inline-block; width: .7rem; height: .7rem; margin-right: .6rem; border-radius: 50%; background: var(--accent); animation: wait 1.6s ease-in-out infinite; }
@keyframes wait { 50% { opacity: .25; } }
@media (prefers-reduced-motion: reduce) { * { animation: none !important; scroll-behavior: auto !important; } }

@media (max-width: 44rem) {
  .band nav a { padding: .35rem .6rem; font-size: .9rem; }
  .band nav .apart { margin-left: 0; }
  .band nav .apart::before { content: none; }
  .which { flex: 1 1 100%; }
  main { padding-block: 1.25rem 2rem; }
  .who { padding: 1.1rem; }
  .who form { grid-template-columns: 1fr; }
  .explained > div, .facts > div { grid-template-columns: 1fr; gap: 0; }
  .timeline li { grid-template-columns: 1fr; gap: 0; }
  .list thead { display: none; }
  .list, .list tbody, .list caption { display: block; }
  .list caption:not(.unseen) { padding: .7rem .9rem .2rem; }
  .list tr { display: flex; flex-wrap: wrap; gap: .1rem .9rem; padding: .7rem .9rem; border-bottom: 1px solid var(--line); }
  .list tbody tr:last-child { border-bottom: 0; }
  .list td { border: 0; padding: 0; text-align: left; }
  .homes .picture { flex: 1 1 100%; width: 100%; }
  .list .title { flex: 1 1 100%; order: -1; font-weight: 550; }
  .narrow { display: inline; }
  .list .number[data-word]::after { content: " " attr(data-word); }
  .trigger { display: inline; margin-left: .4rem; }
  .filters label { flex: 1 1 8rem; }
  .filters label:first-of-type { flex: 1 1 100%; }
}
@media print {
  :root { color-scheme: light; }
  body { background: #fff; font-size: 11pt; }
  .band { background: none !important; color: #000 !important; border-bottom: 2px solid #000; }
  nav, form, .skip, .act, .more, .scripted, .filters, .sure, footer { display: none !important; }
  .card, .list, .who, .needs > li { break-inside: avoid; box-shadow: none; }
}
@media (forced-colors: active) { .badge, .nothing, .needs > li { border: 1px solid; } }
`;
