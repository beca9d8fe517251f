/** The page's one style sheet: light and dark, phone and print, system fonts. Nothing of the report goes in here. */
export const style = `
:root{color-scheme:light dark;--bg:#f5f6f8;--surface:#fff;--sunk:#f1f3f6;--text:#1a2330;--muted:#55606f;--line:#dde2e8;--accent:#1f5fbf;
--critical:#8a0f3c;--critical-bg:#fde7ef;--high:#a3200d;--high-bg:#fdeae6;--medium:#744600;--medium-bg:#fdf1d8;--low:#1a4f9c;--low-bg:#e5effc;
--info:#475264;--info-bg:#eaeef3;--fine:#0f5f37;--fine-bg:#e0f4e9;--unknown:#5b3a9c;--unknown-bg:#efe9fb}
@media (prefers-color-scheme:dark){:root{--bg:#0e1319;--surface:#161c24;--sunk:#10161d;--text:#e5eaf0;--muted:#9dabba;--line:#2a333f;--accent:#86b6ff;
--critical:#ff9dbd;--critical-bg:#3d1424;--high:#ffa595;--high-bg:#3b1a14;--medium:#f3c56f;--medium-bg:#35290f;--low:#97c0ff;--low-bg:#15263f;
--info:#b7c2cf;--info-bg:#232b35;--fine:#83deac;--fine-bg:#10301f;--unknown:#cbb6ff;--unknown-bg:#281d42}}
*{box-sizing:border-box}
html{scroll-behavior:smooth;-webkit-text-size-adjust:100%}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
body{margin:0;background:var(--bg);color:var(--text);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
main,header>div,footer{max-width:72rem;margin:0 auto;padding:0 1.25rem}
h1,h2,h3,h4,p,ul,ol,dl,pre,figure,table{margin:0;padding:0}
h1{font-size:1.7rem;line-height:1.2;font-weight:650;letter-spacing:-.015em}
h2{font-size:1.25rem;line-height:1.3;font-weight:650;letter-spacing:-.01em;margin-bottom:.25rem}
h3{font-size:1rem;font-weight:650}
h2,h3,p,li,td,dd,summary,pre,code{overflow-wrap:anywhere}
section{margin-top:2.75rem;scroll-margin-top:1rem}
.lead{color:var(--muted);max-width:52rem;margin-bottom:1rem}
.muted{color:var(--muted)}
.small{font-size:.875rem}
a{color:var(--accent);text-underline-offset:.15em}
code,pre,.mono{font-family:ui-monospace,"SF Mono",SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;font-size:.85em}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px;border-radius:4px}
header{background:var(--surface);border-bottom:1px solid var(--line);padding:2rem 0 0}
.brand{font-size:.8rem;font-weight:650;letter-spacing:.08em;text-transform:uppercase;color:var(--muted);margin-bottom:.5rem}
.facts{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;color:var(--muted);font-size:.9rem;margin-top:.75rem}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(7.5rem,1fr));gap:.75rem;margin:1.5rem 0 1.25rem;list-style:none}
.tile{border-radius:10px;padding:.7rem .9rem;background:var(--sunk);color:var(--muted)}
.tile b{display:block;font-size:1.75rem;line-height:1.15;font-weight:650;font-variant-numeric:tabular-nums}
.tile span{font-size:.85rem}
nav{border-top:1px solid var(--line);overflow-x:auto}
nav ul{display:flex;gap:.25rem;list-style:none;max-width:72rem;margin:0 auto;padding:0 .75rem}
nav a{display:block;padding:.7rem .5rem;white-space:nowrap;text-decoration:none;font-size:.9rem;color:var(--text)}
nav a:hover{color:var(--accent)}
.critical,.sev-critical{color:var(--critical)}.high,.sev-high{color:var(--high)}.medium,.sev-medium{color:var(--medium)}.low,.sev-low{color:var(--low)}.info,.sev-info{color:var(--info)}
.badge{display:inline-block;padding:.05rem .5rem;border-radius:999px;font-size:.78rem;font-weight:600;line-height:1.5;white-space:nowrap}
.badge.critical,.tile.critical{background:var(--critical-bg);color:var(--critical)}.badge.high,.tile.high{background:var(--high-bg);color:var(--high)}
.badge.medium,.tile.medium{background:var(--medium-bg);color:var(--medium)}.badge.low,.tile.low{background:var(--low-bg);color:var(--low)}
.badge.info,.tile.info{background:var(--info-bg);color:var(--info)}.badge.fine,.tile.fine{background:var(--fine-bg);color:var(--fine)}
.badge.unknown,.tile.unknown{background:var(--unknown-bg);color:var(--unknown)}.badge.act{background:var(--high-bg);color:var(--high)}.badge.improve{background:var(--medium-bg);color:var(--medium)}
.badge.plain{background:var(--info-bg);color:var(--info)}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(19rem,100%),1fr));gap:.9rem;list-style:none}
.card{background:var(--surface);border:1px solid var(--line);border-radius:12px;padding:1rem 1.1rem;display:flex;flex-direction:column;gap:.45rem;min-width:0}
.card.act{border-top:3px solid var(--high)}.card.improve{border-top:3px solid var(--medium)}.card.unknown{border-top:3px dashed var(--unknown)}.card.fine{border-top:3px solid var(--fine)}
.card h3{font-size:1.1rem}
.card ul{padding-left:1.1rem}
.plain-text{color:var(--text)}
.scroll+div>h3{margin-top:1.25rem}
.row{display:flex;flex-wrap:wrap;gap:.35rem .5rem;align-items:baseline}
.row.spread{justify-content:space-between}
.steps{counter-reset:step;list-style:none;display:grid;gap:.75rem}
.steps>li{counter-increment:step;background:var(--surface);border:1px solid var(--line);border-radius:12px;padding:1rem 1.1rem 1rem 3.4rem;position:relative}
.steps>li::before{content:counter(step);position:absolute;left:1.1rem;top:1rem;width:1.55rem;height:1.55rem;border-radius:50%;background:var(--text);color:var(--surface);font-size:.85rem;font-weight:650;display:grid;place-items:center}
pre{background:var(--sunk);border:1px solid var(--line);border-radius:8px;padding:.65rem .8rem;white-space:pre-wrap;line-height:1.5;max-height:24rem;overflow:auto}
pre.command{position:relative;cursor:copy;user-select:all;margin-top:.5rem;border-left:3px solid var(--accent)}
.copied::after{content:'copied';position:absolute;right:.5rem;top:.4rem;padding:.05rem .5rem;border-radius:999px;background:var(--fine-bg);color:var(--fine);font:600 .78rem/1.5 system-ui,sans-serif}
.panel{background:var(--surface);border:1px solid var(--line);border-radius:12px;padding:1rem 1.1rem}
.panel+.panel,.panel+.cards,.cards+.panel{margin-top:.9rem}
details>summary{cursor:pointer}
details.more{margin-top:.9rem}
details.more>summary{color:var(--accent);padding:.35rem 0}
.group{background:var(--surface);border:1px solid var(--line);border-radius:12px;margin-top:.75rem}
.group>summary{padding:.85rem 1.1rem}
.group>summary h3{display:inline}
.group>div{padding:0 1.1rem .9rem}
.why{border-left:3px solid var(--line);padding-left:.8rem;margin:.1rem 0 .6rem;max-width:52rem}
.finding{border-top:1px solid var(--line)}
.many .group{content-visibility:auto;contain-intrinsic-size:auto 4rem}.many .finding{content-visibility:auto;contain-intrinsic-size:auto 2.9rem}
.finding>summary{padding:.6rem 0}
.finding>div{padding:0 0 1rem 1.1rem;display:grid;gap:.55rem;color:var(--text)}
.finding>div>.muted{color:var(--muted)}
.finding>div>*{min-width:0}
.finding h4{font-size:.8rem;color:var(--muted);font-weight:600;margin:.2rem 0 .2rem}
.finding:target>summary{background:var(--low-bg);border-radius:6px}
.filter{display:flex;flex-wrap:wrap;gap:.6rem 1rem;align-items:center;margin:.75rem 0}
.filter[hidden]{display:none}
.filter input[type=search]{font:inherit;color:inherit;background:var(--surface);border:1px solid var(--muted);border-radius:8px;padding:.45rem .7rem;width:min(24rem,100%)}
.filter fieldset{border:0;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:.3rem .9rem}
.filter legend{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.filter label{display:inline-flex;gap:.35rem;align-items:center;font-size:.9rem}
.scroll{overflow-x:auto;max-width:100%}
table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
th,td{text-align:left;vertical-align:top;padding:.5rem .75rem .5rem 0;border-bottom:1px solid var(--line)}
th{font-weight:600;color:var(--muted);font-size:.82rem;white-space:nowrap}
td.number,th.number{text-align:right}
tr:last-child>td{border-bottom:0}
.wide{min-width:52rem}
td{min-width:4.5em}
td.number{min-width:0}
td.text{min-width:13em}
td.mono{min-width:9.5rem}
td.when{white-space:nowrap}
.map{margin:0 0 1rem}
.map svg rect{stroke-width:2}.map svg .act{fill:var(--high);stroke:var(--high)}.map svg .improve{fill:var(--medium-bg);stroke:var(--medium)}.map svg .unknown{fill:var(--unknown-bg);stroke:var(--unknown);stroke-dasharray:2.5}.map svg .fine{fill:var(--fine-bg);stroke:var(--fine-bg)}
.running{display:none}
svg{display:block;max-width:none}
svg text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;fill:var(--text)}
svg .soft{fill:var(--muted)}
svg .rule{stroke:var(--line)}
svg .box{fill:var(--sunk);stroke:var(--line)}
svg .link{fill:none;stroke-width:1.5;opacity:.8}
svg .used{stroke:var(--fine)}svg .unused{stroke:var(--medium);stroke-dasharray:5 4}svg .unsure{stroke:var(--unknown);stroke-dasharray:1.5 3.5}
svg .mark{stroke:var(--surface);stroke-width:1.5;fill:currentColor}
svg .bar{fill:currentColor}
svg .track{fill:var(--sunk);stroke:var(--line)}
.changes{list-style:none;display:grid;gap:0}
.changes>li{border-top:1px solid var(--line);padding:.7rem 0;display:grid;grid-template-columns:2rem 11rem 1fr;gap:.2rem .75rem}
.changes>li>:last-child{min-width:0;display:grid;gap:.3rem}
.number-mark{display:inline-grid;place-items:center;width:1.5rem;height:1.5rem;border-radius:50%;background:var(--info-bg);color:var(--info);font-size:.78rem;font-weight:650}
.legend{display:flex;flex-wrap:wrap;gap:.3rem 1.25rem;font-size:.85rem;color:var(--muted);margin:.5rem 0}
.legend svg{display:inline-block;vertical-align:middle;margin-right:.35rem}
footer{padding:2.5rem 1.25rem 3rem;color:var(--muted);font-size:.85rem}
@media (max-width:40rem){body{font-size:15px}h1{font-size:1.4rem}header{padding-top:1.25rem}section{margin-top:2rem}.tiles{grid-template-columns:repeat(4,1fr);gap:.5rem}.tile{padding:.55rem .65rem}.tile b{font-size:1.35rem}
.steps>li{padding:3.1rem 1rem 1rem}.changes>li{grid-template-columns:2rem 1fr}.changes>li>:last-child{grid-column:1/-1}.finding>div{padding-left:0}main,header>div{padding:0 .9rem}}
@page{margin:12mm 13mm 16mm;@bottom-right{content:counter(page) ' / ' counter(pages);font:8.5pt sans-serif;color:#444}}
@media print{:root{--bg:#fff;--surface:#fff;--sunk:#f5f6f8;--text:#111;--muted:#444;--line:#ccc;--accent:#1f4f99;--critical:#8a0f3c;--critical-bg:#fde7ef;--high:#a3200d;--high-bg:#fdeae6;--medium:#744600;--medium-bg:#fdf1d8;--low:#1a4f9c;--low-bg:#e5effc;--info:#475264;--info-bg:#eaeef3;--fine:#0f5f37;--fine-bg:#e0f4e9;--unknown:#5b3a9c;--unknown-bg:#efe9fb;color-scheme:light}
body{padding-top:10mm;box-decoration-break:clone;font-size:10.5pt;print-color-adjust:exact;-webkit-print-color-adjust:exact}nav,.filter,.hint{display:none}.running{display:block;position:fixed;top:0;left:0;right:0;font-size:8.5pt;color:#444;border-bottom:.5pt solid #ccc;padding-bottom:1mm}.tiles{grid-template-columns:repeat(7,1fr);gap:.4rem}.tile{padding:.4rem .6rem}.tile b{font-size:1.3rem}main,header>div{max-width:none;padding:0}header{padding-top:0}section{margin-top:1.5rem}
.many .group,.many .finding{content-visibility:visible}details::details-content{content-visibility:visible;height:auto;display:block;break-before:avoid}pre{max-height:none}.card,.steps>li,pre,figure,tr,.changes>li,.why{break-inside:avoid}h2,h3,h4,.lead,.group>summary,.finding>summary,.why{break-after:avoid}summary{break-inside:avoid}thead{display:table-header-group}table{font-size:8pt}th,td{padding:.35rem .5rem .35rem 0}td.mono{min-width:9em}td.when{white-space:normal}td .small,td .badge{font-size:1em}.lead{break-inside:avoid}p{orphans:3;widows:3}.group,.panel{box-decoration-break:clone}.scroll{overflow:visible}.wide{min-width:0}svg{max-width:100%;height:auto}.cards{grid-template-columns:repeat(2,1fr)}a{color:inherit;text-decoration:none}}
`;

/** For the content security policy: SHA-256 of {@link style}, in base64; a test holds it current. */
export const styleHash = 'sha256-1EJvSi+oKI+He+4d6KVWwNqoxE0es5Y+GdXequr/QqQ=';
